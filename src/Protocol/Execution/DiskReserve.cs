namespace JobCloud.Protocol.Execution;

/// <summary>The part of the home's disk that the output of jobs leaves free, so that the store can
/// be written.</summary>
/// <param name="Bytes">The reserve.</param>
public readonly record struct DiskReserve(long Bytes)
{
    /// <summary>Bytes of each stream of a running job that are kept while the disk is low: the
    /// newest.</summary>
    public const long KeptBytes = 64 << 10;

    /// <summary>At most one part in this many of a disk is reserved.</summary>
    private const int MaxPart = 20;

    private const long RareMs = 1_000,
        OftenMs = 250,
        LowMs = 50;

    /// <param name="setting">Bytes; 0: no reserve.</param>
    /// <param name="total">Size of the disk.</param>
    public static DiskReserve Of(long setting, long total) =>
        new(Math.Min(Math.Max(0, setting), total / MaxPart));

    /// <summary>Whether the output of jobs must not grow.</summary>
    /// <param name="free">Free bytes of the disk.</param>
    public bool IsLow(long free) => free < Bytes;

    /// <summary>The time until the next look, ms. A fast disk takes a GiB a second.</summary>
    public long NextLookMs(long free) =>
        free < 2 * Bytes ? LowMs
        : free < 8 * Bytes ? OftenMs
        : RareMs;
}
