namespace JobCloud.Protocol.Info;

/// <summary>What a job used over time, as an info value.</summary>
internal static class JobTimeline
{
    /// <summary>An object a sample; what was not measured is left out.</summary>
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
