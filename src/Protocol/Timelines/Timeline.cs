namespace JobCloud.Protocol.Timelines;

/// <summary>Which looks at an attempt are kept: dense at its start, sparse later, never more than
/// so many. A value; the samples themselves lie elsewhere.</summary>
/// <param name="StartedAt">Of the attempt, ms on the clock of <c>now</c>.</param>
/// <param name="LastAt">When the last sample was kept; the start, before the first.</param>
/// <param name="Kept">How many samples there are.</param>
/// <param name="Thinned">How often every second one was dropped: the interval doubles each
/// time.</param>
public readonly record struct Timeline(long StartedAt, long LastAt, int Kept, int Thinned)
{
    /// <summary>Of an attempt that starts now: without samples.</summary>
    public static Timeline Begin(long now) => new(now, now, 0, 0);

    /// <summary>Whether a look at this time should be kept.</summary>
    public bool IsDue(long now, TimelineRules rules) => now >= DueAt(rules);

    /// <summary>When the next look should be kept.</summary>
    public long DueAt(TimelineRules rules)
    {
        var isYoung = Thinned == 0 && LastAt - StartedAt < rules.SparseMs;
        return LastAt + (isYoung ? rules.DenseMs : rules.SparseMs << Math.Min(Thinned, 30));
    }

    /// <summary>Keeps a look.</summary>
    /// <param name="thins">Every second of the samples so far goes first
    /// (<see cref="Thin"/>).</param>
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

    /// <summary>Every second sample, the first one included.</summary>
    public static IEnumerable<T> Thin<T>(IEnumerable<T> samples) =>
        samples.Where((_, i) => i % 2 == 0);
}
