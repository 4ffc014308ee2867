using JobCloud.Node.Executor.Attempts;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Executor.Attempts;

public sealed class AttemptRegistryTests
{
    private readonly AttemptRegistry _registry = new();

    [Fact]
    public void An_attempt_is_found_by_its_pid_while_it_may_have_processes()
    {
        var (attempt, job) = Started(jid: 1, pid: 7);

        Assert.True(_registry.TryGetByPid(7, out var found));
        Assert.Same(attempt, found);
        Assert.Same(job, attempt.LiveJob);
        Assert.Equal(1, _registry.WithoutCgroupCount);

        _registry.SetPhase(attempt, new AttemptPhase.Ended());
        _registry.ForgetPid(attempt, job);

        Assert.False(_registry.TryGetByPid(7, out _));
        Assert.Null(attempt.LiveJob);
        Assert.Same(job, attempt.Job);
        Assert.Equal(0, _registry.WithoutCgroupCount);
    }

    [Fact]
    public void A_reused_pid_stays_with_its_new_attempt()
    {
        var (first, itsJob) = Started(jid: 1, pid: 7);
        var (second, _) = Started(jid: 2, pid: 7);

        _registry.ForgetPid(first, itsJob);

        Assert.True(_registry.TryGetByPid(7, out var found));
        Assert.Same(second, found);
    }

    [Fact]
    public void Draining_attempts_are_listed_until_they_have_no_processes()
    {
        var (attempt, _) = Started(jid: 1, pid: 7);

        _registry.SetPhase(attempt, new AttemptPhase.Emptying(KillAt: 10));
        _registry.SetPhase(attempt, new AttemptPhase.Emptying(KillAt: null));
        Assert.Equal([attempt], _registry.Draining);

        _registry.SetPhase(attempt, new AttemptPhase.Ended());
        Assert.Empty(_registry.Draining);
    }

    [Fact]
    public void An_end_is_kept_until_it_is_acknowledged()
    {
        var (attempt, _) = Started(jid: 1, pid: 7);
        var end = new ProcessEnded { Jid = 1 };

        _registry.SetEnded(attempt, end);

        Assert.Equal(0, _registry.UnendedCount);
        Assert.Same(end, attempt.End);
        Assert.Null(attempt.Job);
        Assert.Equal([attempt], _registry.All);
        _registry.Remove(attempt);
        Assert.Empty(_registry.All);
    }

    private (TrackedAttempt Attempt, StartedJob Job) Started(long jid, int pid)
    {
        var (attempt, job) = TestAttempts.Started(jid, pid);
        _registry.Add(attempt);
        _registry.SetStarted(attempt, job);
        return (attempt, job);
    }
}
