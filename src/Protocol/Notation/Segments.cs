namespace JobCloud.Protocol.Notation;

/// <summary>Maps jids to segments of 1,024 consecutive jids; segment 0 has no jid 0.</summary>
public static class Segments
{
    public const int Size = 1 << Shift;

    /// <summary>The segment of the highest possible jid.</summary>
    public const long Highest = long.MaxValue >> Shift;

    public const int Shift = 10;

    public static long Of(long jid) => jid >> Shift;

    /// <summary>The lowest jid of the segment: 1 for segment 0.</summary>
    public static long First(long segment) => Math.Max(1, segment << Shift);

    public static long Last(long segment) => (segment << Shift) + Size - 1;

    /// <summary>The jid's position in its segment, 0..1023.</summary>
    public static int IndexOf(long jid) => (int)(jid & (Size - 1));
}
