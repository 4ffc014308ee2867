using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Gateway;

public sealed class SegmentClientTests : SegmentsTest
{
    [Fact]
    public async Task Jobs_are_read_in_the_order_asked_for()
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
    public async Task An_unknown_job_ends_it()
    {
        Submitted((1, 1023));
        var parts = new List<Outcome<JobsRead>>();
        await foreach (
            var part in Client.ReadAsync([JidRanges.Range(1, 5000)], ReadDepth.Status, Ann)
        )
            parts.Add(part);
        Assert.Equal([true, false], parts.Select(part => part.Granted));
        Assert.Equal(1024, parts[1].Refusal!.Jid);
    }

    [Fact]
    public async Task A_segment_that_is_silent_is_a_refusal()
    {
        var client = new SegmentClient(() => CreateTestProbe(), TimeSpan.FromMilliseconds(1), 1);
        var refusal = await client.CheckAsync([JidRanges.Range(7, 7)], Ann);
        Assert.Equal(RefusalCode.StoreUnavailable, refusal!.Code);
        Assert.StartsWith("The jobs 1-1023 did not answer", refusal.Message);
    }
}
