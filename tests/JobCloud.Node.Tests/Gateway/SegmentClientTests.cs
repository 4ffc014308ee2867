using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

public sealed class SegmentClientTests : SegmentsTest
{
    [Fact]
    public async Task Jobs_are_read_in_the_order_requested()
    {
        Submitted((1, 1023), (1024, 1024), (2048, 1024), (3072, 5));
        var read = new List<long>();
        await foreach (
            var part in Client.ReadAsync(
                [JidRanges.Range(3074, 3075), JidRanges.Range(1000, 2100), JidRanges.Range(5, 5)],
                ReadDepth.Detail,
                Ann
            )
        )
            read.AddRange(part.Reply!.Details.Select(job => job.Jid));
        Assert.Equal([3074, 3075, .. Enumerable.Range(1000, 1101), 5], read);
    }

    [Fact]
    public async Task An_unknown_job_ends_the_read_with_a_refusal()
    {
        Submitted((1, 1023));
        var parts = new List<Outcome<JobsRead>>();
        await foreach (
            var part in Client.ReadAsync([JidRanges.Range(1, 5000)], ReadDepth.Status, Ann)
        )
            parts.Add(part);
        Assert.Equal(1024, Assert.Single(parts).Refusal!.Jid);
    }

    [Fact]
    public async Task A_segment_is_read_once_for_consecutive_jobs_of_it()
    {
        Submitted((1, 100), (1024, 5));
        var visits = 0;
        var client = new SegmentClient(() => (++visits, Region).Region, Limit, atOnce: 2);
        var odd = Enumerable.Range(0, 50).Select(i => JidRanges.Range(99 - 2 * i, 99 - 2 * i));
        var read = new List<long>();
        await foreach (
            var part in client.ReadDetailsAsync([.. odd, JidRanges.Range(1024, 1026)], Ann)
        )
            read.AddRange(part.Reply!.Details.Select(job => job.Jid));
        Assert.Equal([.. Enumerable.Range(0, 50).Select(i => 99 - 2 * i), 1024, 1025, 1026], read);
        Assert.Equal(2, visits);
    }

    [Fact]
    public async Task All_segments_are_checked_before_the_first_job_is_sent()
    {
        Submitted((1, 1023), (1024, 1024), (2048, 1024));
        var parts = new List<Outcome<JobsRead>>();
        await foreach (var part in Client.ReadDetailsAsync([JidRanges.Range(1, 3072)], Ann))
            parts.Add(part);
        Assert.Equal(3072, Assert.Single(parts).Refusal!.Jid);
    }

    [Fact]
    public async Task Jobs_beyond_the_message_size_are_read_in_pages()
    {
        var submit = Submit(1, 100);
        submit.Submit.Submitted.Spec.Command = new string('x', 50_000);
        Ask(submit);
        var pages = new List<JobsRead>();
        await foreach (var page in Client.ReadDetailsAsync([JidRanges.Range(1, 100)], Ann))
            pages.Add(page.Reply!);
        Assert.Equal(
            Enumerable.Range(1, 100).Select(jid => (long)jid),
            pages.SelectMany(page => page.Details).Select(job => job.Jid)
        );
        Assert.All(pages, page => Assert.InRange(page.CalculateSize(), 1, 600_000));
    }

    [Fact]
    public async Task A_segment_timeout_is_a_refusal()
    {
        var client = new SegmentClient(() => CreateTestProbe(), TimeSpan.FromMilliseconds(1), 1);
        var refusal = await client.CheckAsync([JidRanges.Range(7, 7)], Ann);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal!.Code);
        Assert.StartsWith("The segment of jobs 1-1023 did not answer", refusal.Message);
    }
}
