namespace JobCloud.Protocol.Allocation;

/// <summary>Which segment a jid belongs to: segment n holds the jids n × 1,024 … n × 1,024 + 1,023.</summary>
public static class Segments
{
    public const int Bits = 10;

    /// <summary>Jids in a segment. Segment 0 has one less: there is no job 0.</summary>
    public const int Size = 1 << Bits;

    public static long Of(long jid) => jid >> Bits;

    /// <summary>Where a jid stands in its segment: 0..1,023.</summary>
    public static int Offset(long jid) => (int)(jid & (Size - 1));

    public static long First(long segment) => Math.Max(1, segment << Bits);

    public static long Last(long segment) => (segment << Bits) + Size - 1;
}
