using JobCloud.Protocol;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>One measure of a job's usage over time.</summary>
/// <param name="Limit">What the job may use; 0: no limit.</param>
internal sealed record TimelineSeries(
    string Name,
    PlotUnit Unit,
    IReadOnlyList<PlotPoint> Points,
    double Limit = 0
)
{
    // A series that changes by no more than this part of its highest value is flat.
    private const double FlatShare = 0.01;

    public bool IsMeasured => Points.Any(p => !double.IsNaN(p.Value));

    /// <summary>Whether all its values are the same, so that a plot shows nothing.</summary>
    public bool IsFlat
    {
        get
        {
            var values = Points.Select(p => p.Value).Where(v => !double.IsNaN(v)).ToList();
            return values.Count > 0 && values.Max() - values.Min() <= values.Max() * FlatShare;
        }
    }

    /// <summary>The series of an attempt, in display order.</summary>
    /// <param name="samples">The samples of one attempt, oldest first.</param>
    /// <param name="started">The start of the attempt, in µs.</param>
    /// <param name="spec">Has the limits; null: they are not known.</param>
    public static IReadOnlyList<TimelineSeries> Of(
        IReadOnlyList<TimelineSample> samples,
        long started,
        JobSpec? spec = null
    ) =>
        [
            new("CPU", PlotUnit.Cores, [.. Cpu(samples, started)], spec?.Cores ?? 0),
            new(
                "memory",
                PlotUnit.Bytes,
                [.. Bytes(samples, s => s.MemoryBytes)],
                spec?.MemoryBytes ?? 0
            ),
            new("disk", PlotUnit.Bytes, [.. Bytes(samples, s => s.DiskBytes)]),
        ];

    private static IEnumerable<PlotPoint> Bytes(
        IEnumerable<TimelineSample> samples,
        Func<TimelineSample, long> get
    ) => samples.Select(s => new PlotPoint(s.At, get(s) < 0 ? double.NaN : get(s)));

    // Samples are cumulative: cores are the difference of two samples over the time between them.
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
