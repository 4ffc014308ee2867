using FsCheck.Xunit;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

public sealed class ReportBatcherLaws
{
    private const int Batch = 4;
    private const long Linger = 1_000;

    [Property]
    public void Each_report_is_sent_once_in_order_to_its_segment_within_the_batch_size(byte[] dice)
    {
        var outbox = new ReportBatcher("n1", Batch, Linger);
        var now = 0L;
        var (added, sent) = (new List<AttemptReport>(), new List<SegmentRequest>());
        foreach (var die in dice)
        {
            if (die % 4 < 3)
            {
                var report = ReportOf(die % 3, added.Count, die % 5 == 0);
                outbox.Add(report);
                added.Add(report);
            }
            else
                sent.AddRange(outbox.TakeDue(busy: die % 16 == 7, now += die * 10));
        }
        sent.AddRange(outbox.TakeDue(busy: false, now));
        Assert.True(outbox.IsEmpty);
        Assert.All(sent, s => Assert.InRange(s.Reports.Reports.Count, 1, Batch));
        foreach (var segment in added.GroupBy(r => r.Jid >> 10))
            Assert.Equal(
                segment,
                sent.Where(s => s.Segment == segment.Key).SelectMany(s => s.Reports.Reports)
            );
        Assert.Equal(added.Count, sent.Sum(s => s.Reports.Reports.Count));
    }

    [Property]
    public void Due_reports_are_taken(byte[] dice, bool busy)
    {
        var outbox = new ReportBatcher("n1", Batch, Linger);
        foreach (var die in dice)
        {
            outbox.Add(ReportOf(die % 3, die, final: die % 5 > 0));
            if (die % 2 == 0)
                Assert.Equal(
                    outbox.HasDue(busy, die * 20),
                    outbox.TakeDue(busy, die * 20).Count > 0
                );
        }
    }

    [Fact]
    public void A_busy_node_sends_no_reports_within_the_linger_time()
    {
        var outbox = new ReportBatcher("n1", Batch, Linger);
        outbox.Add(ReportOf(0, 1, final: true));
        Assert.Single(outbox.TakeDue(busy: true, 0));
        outbox.Add(ReportOf(0, 2, final: true));
        Assert.Empty(outbox.TakeDue(busy: true, Linger - 1));
        Assert.Single(outbox.TakeDue(busy: true, Linger));
    }

    private static AttemptReport ReportOf(int segment, int number, bool final)
    {
        var id = new AttemptId((segment << 10) + 1 + number % 1000, 1 + number / 1000);
        return final
            ? Daemon.Agents.AttemptReportFactory.NeverStarted(id)
            : Daemon.Agents.AttemptReportFactory.Unknown(id, since: 0);
    }
}
