namespace JobCloud.Protocol.Info;

/// <summary>The info value of a job's usage over time.</summary>
internal static class JobTimeline
{
    /// <summary>One object per sample, without unmeasured values.</summary>
    public static InfoValue.List Of(IEnumerable<TimelineSample> samples) =>
        new([.. samples.Select(sample => new InfoValue.Object([.. Members(sample)]))]);

    private static IEnumerable<KeyValuePair<string, InfoValue>> Members(TimelineSample sample)
    {
        yield return new("at", new InfoValue.Instant(sample.At));
        if (sample.CpuUs >= 0)
            yield return new("cputime", new InfoValue.Seconds(sample.CpuUs / 1e6));
        foreach (
            var (name, bytes) in new[]
            {
                ("memory", sample.MemoryBytes),
                ("disk", sample.DiskBytes),
                ("stdout", sample.StdoutBytes),
                ("stderr", sample.StderrBytes),
            }
        )
        {
            if (bytes >= 0)
                yield return new(name, new InfoValue.Bytes(bytes));
        }
    }
}
