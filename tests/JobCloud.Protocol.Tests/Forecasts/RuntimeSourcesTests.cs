using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Tests.Forecasts;

public sealed class RuntimeSourcesTests
{
    [Fact]
    public void Active_jobs_come_first()
    {
        var work = new WorkFound
        {
            Active = { JidRanges.Range(5, 7), JidRanges.Range(3_000, 3_000) },
        };
        Assert.Equal("5-7", Of(work, [], [], segments: 1));
        Assert.Equal("5-7,3000", Of(work, [], [], segments: 2));
    }

    [Fact]
    public void A_map_is_read_up_to_its_first_unfinished_element()
    {
        var work = new WorkFound { Queued = { JidRanges.Range(5_000, 9_000) } };
        Assert.Equal("3072-5119", Of(work, [Row(1, 9_000, done: 4_999)], [], segments: 9));
    }

    [Fact]
    public void A_map_without_done_elements_is_not_read()
    {
        var work = new WorkFound { Queued = { JidRanges.Range(1, 9_000) } };
        Assert.Equal("", Of(work, [Row(1, 9_000, done: 0)], [], segments: 9));
    }

    [Fact]
    public void Finished_maps_are_read_only_for_similar_unfinished_jobs()
    {
        var like = Row(10, 20, done: 11);
        var other = Row(30, 40, done: 11, command: "other");
        Assert.Equal("10-20", Of(new(), [Row(50, 50, done: 0)], [like, other], segments: 9));
    }

    private static string Of(
        WorkFound work,
        IReadOnlyList<JobRow> unfinished,
        IReadOnlyList<JobRow> done,
        int segments
    ) =>
        string.Join(
            ',',
            RuntimeSources.Of(work, unfinished, done, segments).Select(JidNotation.Print)
        );

    private static JobRow Row(long first, long last, long done, string command = "fit") =>
        new()
        {
            First = first,
            Last = last,
            Owner = "ann",
            Command = command,
            Counts = { 0, 0, last - first + 1 - done, 0, done },
        };
}
