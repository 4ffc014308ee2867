namespace JobCloud.Protocol.Outputs;

/// <summary>
/// Finds the offset in a stream of output written since an instant, by folding the timeline.
/// </summary>
/// <param name="Since">The instant, µs since 1970.</param>
public readonly record struct OutputTimeSearch(OutputStream Stream, long Since)
{
    /// <summary>All output before this offset is older than the instant; later output may
    /// be.</summary>
    public long Offset { get; private init; }

    /// <summary>Whether the timeline has a sample: else nothing is known of the times.</summary>
    public bool IsSampled { get; private init; }

    /// <summary>Whether later samples change nothing.</summary>
    public bool IsOver { get; private init; }

    /// <param name="sample">The next sample of the timeline.</param>
    public OutputTimeSearch After(TimelineSample sample)
    {
        if (IsOver || sample.At > Since)
            return this with { IsOver = true, IsSampled = true };
        var written = Stream switch
        {
            OutputStream.Stdout => sample.StdoutBytes,
            OutputStream.Stderr => sample.StderrBytes,
            _ => 0,
        };
        return this with { Offset = Math.Max(Offset, written), IsSampled = true };
    }

    /// <summary>The offset to start at; null: all output is older.</summary>
    /// <param name="endedAt">When the attempt ended; 0: not yet.</param>
    public long? Begin(long endedAt) => endedAt != 0 && endedAt < Since ? null : Offset;
}
