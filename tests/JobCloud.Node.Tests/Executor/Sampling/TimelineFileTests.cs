using JobCloud.Node.Executor.Sampling;
using JobCloud.Protocol;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Node.Tests.Executor.Sampling;

public sealed class TimelineFileTests : IDisposable
{
    private static readonly TimelineRules Rules = new(1, 1, 4);
    private readonly string _path = Path.GetTempFileName();

    public TimelineFileTests() => File.Delete(_path);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_second_sample_is_dropped_at_the_limit()
    {
        var file = new TimelineFile(_path, Timeline.Begin(0));
        for (var now = 1; now <= 4; now++)
            file.Keep(now, Rules)(At(now));
        Assert.Equal([1, 2, 3, 4], Read());

        file.Keep(5, Rules)(At(5));

        Assert.Equal([1, 3, 5], Read());
        Assert.Equal(3, file.Kept.Kept);
    }

    [Fact]
    public void A_late_sample_is_dropped_after_the_end()
    {
        var file = new TimelineFile(_path, Timeline.Begin(0));
        file.Keep(1, Rules)(At(1));
        var late = file.Keep(2, Rules);

        file.End(At(9));
        late(At(2));

        Assert.Equal([1, 9], Read());
    }

    [Fact]
    public void The_last_sample_respects_the_limit()
    {
        var file = new TimelineFile(_path, Timeline.Begin(0));
        for (var now = 1; now <= 4; now++)
            file.Keep(now, Rules)(At(now));

        file.End(At(9));

        Assert.Equal([1, 3, 9], Read());
    }

    [Fact]
    public void No_file_is_written_without_samples()
    {
        new TimelineFile(_path, Timeline.Begin(0)).End(At(9));

        Assert.False(File.Exists(_path));
    }

    private long[] Read() =>
        [.. TimelineSamples.Read(File.ReadAllBytes(_path)).Select(sample => sample.At)];

    private static TimelineSample At(long at) => new() { At = at };
}
