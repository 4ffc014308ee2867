using JobCloud.Node.Executor.Attempts;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Executor.Attempts;

public sealed class RuntimeLimitsTests
{
    [Fact]
    public void Limits_are_reached_in_order_of_time()
    {
        var limits = new RuntimeLimits();
        foreach (var at in new[] { 30, 10, 20 })
            limits.Add(Running(at), at);

        Assert.Equal(10, limits.Next);
        Assert.Null(limits.TakeDue(9));
        Assert.Equal(new Jid(10), limits.TakeDue(25)?.Id.Jid);
        Assert.Equal(new Jid(20), limits.TakeDue(25)?.Id.Jid);
        Assert.Null(limits.TakeDue(25));
        Assert.Equal(30, limits.Next);
    }

    [Fact]
    public void Ended_attempts_are_purged()
    {
        var limits = new RuntimeLimits();
        for (var jid = 1; jid <= 100_000; jid++)
        {
            var attempt = Running(jid);
            limits.Add(attempt, at: 1_000_000 + jid);
            attempt.Phase = new AttemptPhase.Ended();
        }

        Assert.InRange(limits.Count, 1, 2_000);
        Assert.Null(limits.TakeDue(10_000_000));
    }

    private static TrackedAttempt Running(long jid) => TestAttempts.Started(jid, pid: 1).Attempt;
}
