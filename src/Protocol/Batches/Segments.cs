namespace JobCloud.Protocol.Batches;

/// <summary>How jids fall into segments: 1,024 consecutive ones each; segment 0 lacks jid
/// 0.</summary>
public static class Segments
{
    public const int Size = 1 << Shift;

    /// <summary>The segment of the last jid there can be.</summary>
    public const long Highest = long.MaxValue >> Shift;

    public const int Shift = 10;

    public static long Of(long jid) => jid >> Shift;

    /// <summary>The lowest jid of the segment: 1 for segment 0.</summary>
    public static long First(long segment) => Math.Max(1, segment << Shift);

    public static long Last(long segment) => (segment << Shift) + Size - 1;

    /// <summary>The jid's place in its segment, 0..1023.</summary>
    public static int IndexOf(long jid) => (int)(jid & (Size - 1));
}
