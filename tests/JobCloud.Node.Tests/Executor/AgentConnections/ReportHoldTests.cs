using JobCloud.Node.Executor.AgentConnections;

namespace JobCloud.Node.Tests.Executor.AgentConnections;

public sealed class ReportHoldTests
{
    private const long Now = 1_000_000;

    [Fact]
    public void Each_report_is_sent_at_once_unless_a_job_ended_lately()
    {
        foreach (var queued in (QueuedReports[])[QueuedReports.Starts, QueuedReports.Others])
        {
            Assert.Null(ReportHold.None.Look(queued, Now, out var isDue).Until);
            Assert.True(isDue);
            var later = AfterEnd().Look(queued, Now + ReportHold.RecentMs, out isDue);
            Assert.True(isDue);
            Assert.Null(later.Until);
        }
    }

    [Fact]
    public void After_an_end_a_start_waits_for_the_next_end()
    {
        var hold = AfterEnd().Look(QueuedReports.Starts, Now + 1, out var isDue);
        Assert.False(isDue);
        Assert.Equal(Now + 1 + ReportHold.HoldMs, hold.Until);
        hold = hold.Look(QueuedReports.Starts | QueuedReports.Ends, Now + 2, out isDue);
        Assert.True(isDue);
        Assert.Null(hold.Until);
    }

    [Fact]
    public void A_start_waits_no_longer_than_the_limit_whatever_starts_meanwhile()
    {
        var hold = AfterEnd().Look(QueuedReports.Starts, Now, out _);
        hold = hold.Look(QueuedReports.Starts, Now + ReportHold.HoldMs - 1, out var isDue);
        Assert.False(isDue);
        Assert.Equal(Now + ReportHold.HoldMs, hold.Until);
        hold = hold.Look(QueuedReports.Starts, Now + ReportHold.HoldMs, out isDue);
        Assert.True(isDue);
        Assert.Null(hold.Until);
    }

    [Fact]
    public void Any_other_report_takes_the_waiting_ones_along()
    {
        var hold = AfterEnd().Look(QueuedReports.Starts, Now, out _);
        hold = hold.Look(QueuedReports.Starts | QueuedReports.Others, Now + 1, out var isDue);
        Assert.True(isDue);
        Assert.Null(hold.Until);
    }

    [Fact]
    public void Without_reports_nothing_is_due_and_nothing_waits()
    {
        var hold = AfterEnd().Look(QueuedReports.None, Now + 1, out var isDue);
        Assert.False(isDue);
        Assert.Null(hold.Until);
    }

    private static ReportHold AfterEnd() => ReportHold.None.Look(QueuedReports.Ends, Now, out _);
}
