namespace JobCloud.Protocol.Timelines;

/// <summary>Decides which samples of an attempt to keep: dense at its start, sparse later, and up
/// to a limit. It does not contain the samples.</summary>
/// <param name="StartedAt">Start of the attempt, ms on the clock of <c>now</c>.</param>
/// <param name="LastAt">Time of the last kept sample; the start, before the first one.</param>
/// <param name="Kept">The number of kept samples.</param>
/// <param name="Thinned">How often it was thinned: the interval doubles each time.</param>
public readonly record struct Timeline(long StartedAt, long LastAt, int Kept, int Thinned)
{
    /// <summary>The empty timeline of an attempt that starts now.</summary>
    public static Timeline Begin(long now) => new(now, now, 0, 0);

    /// <summary>Whether to keep a sample at this time.</summary>
    public bool IsDue(long now, TimelineRules rules) => now >= DueAt(rules);

    /// <summary>When to keep the next sample.</summary>
    public long DueAt(TimelineRules rules)
    {
        var isYoung = Thinned == 0 && LastAt - StartedAt < rules.SparseMs;
        return LastAt + (isYoung ? rules.DenseMs : rules.SparseMs << Math.Min(Thinned, 30));
    }

    /// <summary>Keeps a sample.</summary>
    /// <param name="thins">Whether to thin the earlier samples first (<see cref="Thin"/>).</param>
    public Timeline Keep(long now, TimelineRules rules, out bool thins)
    {
        thins = Kept >= rules.SamplesMax;
        return thins
            ? new(StartedAt, now, (Kept + 1) / 2 + 1, Thinned + 1)
            : this with
            {
                LastAt = now,
                Kept = Kept + 1,
            };
    }

    /// <summary>Every second sample, including the first.</summary>
    public static IEnumerable<T> Thin<T>(IEnumerable<T> samples) =>
        samples.Where((_, i) => i % 2 == 0);
}
