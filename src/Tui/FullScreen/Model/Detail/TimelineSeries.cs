using JobCloud.Protocol;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>What a job used over time, one line of a plot.</summary>
internal sealed record TimelineSeries(string Name, PlotUnit Unit, IReadOnlyList<PlotPoint> Points)
{
    /// <summary>All that is measured, in the order shown.</summary>
    /// <param name="samples">Of one attempt, oldest first.</param>
    /// <param name="started">When it started, in µs.</param>
    public static IReadOnlyList<TimelineSeries> Of(
        IReadOnlyList<TimelineSample> samples,
        long started
    ) =>
        [
            new("CPU", PlotUnit.Cores, [.. Cpu(samples, started)]),
            new("memory", PlotUnit.Bytes, [.. Bytes(samples, s => s.MemoryBytes)]),
            new("disk", PlotUnit.Bytes, [.. Bytes(samples, s => s.DiskBytes)]),
        ];

    private static IEnumerable<PlotPoint> Bytes(
        IEnumerable<TimelineSample> samples,
        Func<TimelineSample, long> get
    ) => samples.Select(s => new PlotPoint(s.At, get(s) < 0 ? double.NaN : get(s)));

    // A sample says what was used so far: cores are the difference over the time between two.
    private static IEnumerable<PlotPoint> Cpu(IEnumerable<TimelineSample> samples, long started)
    {
        var (at, used) = (started, 0L);
        foreach (var sample in samples)
        {
            var isKnown = sample.CpuUs >= 0 && used >= 0 && sample.At > at;
            var cores = isKnown
                ? Math.Max(0, sample.CpuUs - used) / (double)(sample.At - at)
                : double.NaN;
            yield return new(sample.At, cores);
            (at, used) = (sample.At, sample.CpuUs);
        }
    }
}
