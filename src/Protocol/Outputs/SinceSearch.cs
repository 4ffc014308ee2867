namespace JobCloud.Protocol.Outputs;

/// <summary>
/// Finds where in a stream begins what was written since an instant: folds the attempt's timeline.
/// </summary>
/// <param name="Since">In µs since 1970.</param>
public readonly record struct SinceSearch(OutputStream Stream, long Since)
{
    /// <summary>All before it was written before the instant; what follows may have been
    /// too.</summary>
    public long Offset { get; private init; }

    /// <summary>No later sample changes anything.</summary>
    public bool IsOver { get; private init; }

    /// <param name="sample">The next of the timeline.</param>
    public SinceSearch After(TimelineSample sample)
    {
        if (IsOver || sample.At > Since)
            return this with { IsOver = true };
        var written = Stream switch
        {
            OutputStream.Stdout => sample.StdoutBytes,
            OutputStream.Stderr => sample.StderrBytes,
            _ => 0,
        };
        return this with { Offset = Math.Max(Offset, written) };
    }

    /// <summary>Where to begin; null: all of it was written before.</summary>
    /// <param name="endedAt">When the attempt ended; 0: not yet.</param>
    public long? Begin(long endedAt) => endedAt != 0 && endedAt < Since ? null : Offset;
}
