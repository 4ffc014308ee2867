using FsCheck.Xunit;
using JobCloud.Protocol.Outputs;

namespace JobCloud.Protocol.Tests.Outputs;

public sealed class OutputTimeSearchTests
{
    private static readonly TimelineSample[] Timeline =
    [
        Sample(at: 100, stdout: 10, stderr: 1),
        Sample(at: 200, stdout: 20, stderr: -1),
        Sample(at: 300, stdout: 30, stderr: 3),
    ];

    [Theory]
    [InlineData(OutputStream.Stdout, 50, 0)] // before the first sample: from the start
    [InlineData(OutputStream.Stdout, 100, 10)]
    [InlineData(OutputStream.Stdout, 299, 20)]
    [InlineData(OutputStream.Stdout, 400, 30)]
    [InlineData(OutputStream.Stderr, 250, 1)] // unmeasured samples are ignored
    [InlineData(OutputStream.Logging, 400, 0)] // not measured at all
    public void The_offset_is_that_of_the_last_sample_before_the_instant(
        OutputStream stream,
        long since,
        long offset
    ) => Assert.Equal(offset, Fold(stream, since, Timeline).Begin(endedAt: 0));

    [Fact]
    public void Without_a_timeline_the_end_of_the_attempt_counts()
    {
        var search = new OutputTimeSearch(OutputStream.Stdout, 500);
        Assert.Equal(0, search.Begin(endedAt: 0));
        Assert.Equal(0, search.Begin(endedAt: 500));
        Assert.Null(search.Begin(endedAt: 499));
    }

    [Property(MaxTest = 500)]
    public void No_output_after_the_instant_is_omitted(byte[] steps, ushort since)
    {
        var (at, written) = (0L, 0L);
        var samples = new List<TimelineSample>();
        foreach (var step in steps)
            samples.Add(Sample(at += step * 100 + 1, written += step % 7, 0));
        var by = samples.LastOrDefault(s => s.At <= since)?.StdoutBytes ?? 0;
        Assert.Equal(by, Fold(OutputStream.Stdout, since, samples).Begin(endedAt: 0));
    }

    private static OutputTimeSearch Fold(
        OutputStream stream,
        long since,
        IEnumerable<TimelineSample> samples
    ) => samples.Aggregate(new OutputTimeSearch(stream, since), (s, sample) => s.After(sample));

    private static TimelineSample Sample(long at, long stdout, long stderr) =>
        new()
        {
            At = at,
            StdoutBytes = stdout,
            StderrBytes = stderr,
        };
}
