using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A measure of the whole cloud.</summary>
internal enum Measure
{
    Processing,
    Queued,
    Waiting,
    Started,
    Done,
    Failed,
}

/// <summary>The last minutes of each measure, one sample per second, newest last. Started, done and
/// failed are in jobs per second.</summary>
internal sealed class PulseView(double[][] samples)
{
    public static PulseView Empty { get; } =
        new([.. Enum.GetValues<Measure>().Select(_ => new double[0])]);

    public IReadOnlyList<double> this[Measure measure] => samples[(int)measure];

    /// <summary>The sum of the last seconds.</summary>
    public double Sum(Measure measure, int seconds)
    {
        var of = samples[(int)measure];
        var sum = 0.0;
        for (var i = Math.Max(0, of.Length - seconds); i < of.Length; i++)
            sum += of[i];
        return sum;
    }
}

/// <summary>Samples the counts once per second.</summary>
internal sealed class PulseSampler
{
    /// <summary>The number of samples kept per measure.</summary>
    public const int Kept = 600;

    private readonly SampleWindow[] _rings =
    [
        .. Enum.GetValues<Measure>().Select(_ => new SampleWindow(Kept)),
    ];
    private CloudCounts? _counts;
    private CloudCounts? _sampled;
    private long _second;

    public void SetCounts(CloudCounts counts) => _counts = counts;

    /// <summary>Handles a change of the node that sends the counts: its totals start from
    /// zero.</summary>
    public void Reset() => _sampled = null;

    /// <summary>Takes the samples that are due; returns whether there were any.</summary>
    /// <param name="second">The current time in seconds, since any fixed instant.</param>
    public bool Sample(long second)
    {
        if (_counts is null || second <= _second)
            return false;
        var passed = _second == 0 ? 1 : Math.Min(second - _second, Kept);
        for (var i = 0; i < passed; i++)
        {
            Level(Measure.Processing, JobCloud.Protocol.Status.Processing);
            Level(Measure.Queued, JobCloud.Protocol.Status.Queued);
            Level(Measure.Waiting, JobCloud.Protocol.Status.Waiting);
            Rate(Measure.Started, c => c.Started, passed);
            Rate(Measure.Done, c => c.EndedDone, passed);
            Rate(Measure.Failed, c => c.EndedOtherwise, passed);
        }
        (_second, _sampled) = (second, _counts);
        return true;
    }

    public PulseView View() => new(Array.ConvertAll(_rings, r => r.ToArray()));

    private void Level(Measure measure, JobCloud.Protocol.Status status) =>
        _rings[(int)measure].Add((int)status < _counts!.Jobs.Count ? _counts.Jobs[(int)status] : 0);

    private void Rate(Measure measure, Func<CloudCounts, long> total, long seconds) =>
        _rings[(int)measure]
            .Add(
                _sampled is null
                    ? 0
                    : Math.Max(0, total(_counts!) - total(_sampled)) / (double)seconds
            );
}

/// <summary>A ring buffer of the newest samples.</summary>
internal sealed class SampleWindow(int limit)
{
    private readonly double[] _samples = new double[limit];
    private int _next;
    private int _count;

    public void Add(double sample)
    {
        _samples[_next] = sample;
        _next = (_next + 1) % limit;
        _count = Math.Min(_count + 1, limit);
    }

    /// <summary>The samples, oldest first.</summary>
    public double[] ToArray()
    {
        var copy = new double[_count];
        for (var i = 0; i < _count; i++)
            copy[i] = _samples[(_next - _count + i + limit) % limit];
        return copy;
    }
}
