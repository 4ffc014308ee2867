using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Screens;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class WaitCounterTests
{
    private static readonly NodeView[] Nodes =
    [
        Samples.Node("n1", "ready", 8, 6),
        Samples.Node("n2", "draining", 64, 0),
    ];

    [Property]
    public bool Incremental_counts_equal_the_counts_of_the_remaining_rows(
        List<(byte Jid, byte Kind)> changes
    )
    {
        var (waits, rows) = (new WaitCounter(), new Dictionary<long, JobRow>());
        foreach (var (jid, kind) in changes)
        {
            var (before, after) = (rows.GetValueOrDefault(jid), RowOf(jid, kind));
            waits.Change(before, after);
            if (after is null)
                rows.Remove(jid);
            else
                rows[jid] = after;
        }
        var fresh = new WaitCounter();
        foreach (var row in rows.Values)
            fresh.Change(null, row);
        return View(waits).SequenceEqual(View(fresh));
    }

    [Theory]
    [InlineData(1, "ready", WaitReason.JobsAhead)]
    [InlineData(3, "ready", WaitReason.FreeCores)]
    [InlineData(9, "ready", WaitReason.LargerNode)]
    [InlineData(1, "lost", WaitReason.ReadyNode)]
    internal void A_queued_job_waits_for_cores_that_the_ready_nodes_lack(
        int cores,
        string state,
        WaitReason reason
    )
    {
        var waits = new WaitCounter();
        waits.Change(null, Queued(cores));
        var seen = waits.View([Samples.Node("n1", state, 8, 6), Nodes[1]], 1, false);
        Assert.Equal([new WaitCount(reason, 1)], seen);
    }

    [Theory]
    [InlineData(ReasonCode.NodeLost, WaitReason.AnotherNode)]
    [InlineData(ReasonCode.NodeDrained, WaitReason.AnotherNode)]
    [InlineData(ReasonCode.Exit, WaitReason.Retry)]
    internal void A_requeued_job_waits_according_to_the_end_of_its_last_attempt(
        ReasonCode code,
        WaitReason reason
    )
    {
        var waits = new WaitCounter();
        var row = Queued(1);
        row.Reason = new Reason { Code = code };
        waits.Change(null, row);
        Assert.Equal([new WaitCount(reason, 1)], View(waits));
    }

    [Fact]
    public void Each_job_of_a_map_counts_and_the_largest_count_comes_first()
    {
        var waits = new WaitCounter();
        waits.Change(null, Samples.Job(1, Status.Waiting));
        waits.Change(null, Samples.Map(10, 0, 2, 300, 24, 600, 12, 0, 0));
        Assert.Equal(
            [new WaitCount(WaitReason.FreeCores, 300), new(WaitReason.Dependencies, 3)],
            View(waits)
        );
    }

    [Fact]
    public void Jobs_without_rows_count_as_unknown()
    {
        var waits = new WaitCounter();
        waits.Change(null, Samples.Job(1, Status.Waiting));
        Assert.Contains(
            new WaitCount(WaitReason.Unknown, 41),
            waits.View(Nodes, all: 42, truncated: true)
        );
    }

    private static IReadOnlyList<WaitCount> View(WaitCounter waits) => waits.View(Nodes, 0, false);

    private static JobRow Queued(int cores)
    {
        var row = Samples.Job(7, Status.Queued);
        row.Cores = cores;
        return row;
    }

    private static JobRow? RowOf(byte jid, byte kind) =>
        (kind % 9) switch
        {
            0 => null,
            8 => Samples.Map(jid, 0, kind % 4, kind % 3, 1, kind % 5, 1, 0, 0),
            _ => Samples.Job(jid, (Status)(kind % 9), kind),
        };
}
