using JobCloud.Node.Executor.Attempts;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Executor.Attempts;

public sealed class AttemptBookTests
{
    private readonly AttemptBook _registry = new();

    [Fact]
    public void An_attempt_is_found_by_its_pid_while_it_may_have_processes()
    {
        var (attempt, job) = Started(jid: 1, pid: 7);

        Assert.True(_registry.TryGetByPid(7, out var found));
        Assert.Same(attempt, found);
        Assert.Same(job, attempt.Living);
        Assert.Equal(1, _registry.WithoutCgroup);

        _registry.Turned(attempt, new AttemptPhase.Ended());
        _registry.Gone(attempt, job);

        Assert.False(_registry.TryGetByPid(7, out _));
        Assert.Null(attempt.Living);
        Assert.Same(job, attempt.Job);
        Assert.Equal(0, _registry.WithoutCgroup);
    }

    [Fact]
    public void A_reused_pid_stays_with_its_new_attempt()
    {
        var (first, itsJob) = Started(jid: 1, pid: 7);
        var (second, _) = Started(jid: 2, pid: 7);

        _registry.Gone(first, itsJob);

        Assert.True(_registry.TryGetByPid(7, out var found));
        Assert.Same(second, found);
    }

    [Fact]
    public void Draining_attempts_are_listed_until_they_have_no_processes()
    {
        var (attempt, _) = Started(jid: 1, pid: 7);

        _registry.Turned(attempt, new AttemptPhase.Draining(KillAt: 10));
        _registry.Turned(attempt, new AttemptPhase.Draining(KillAt: null));
        Assert.Equal([attempt], _registry.Draining);

        _registry.Turned(attempt, new AttemptPhase.Ended());
        Assert.Empty(_registry.Draining);
    }

    [Fact]
    public void An_end_is_kept_until_it_is_acknowledged()
    {
        var (attempt, _) = Started(jid: 1, pid: 7);
        var end = new ProcessEnded { Jid = 1 };

        _registry.Ended(attempt, end);

        Assert.Equal(0, _registry.Unended);
        Assert.Same(end, attempt.End);
        Assert.Null(attempt.Job);
        Assert.Equal([attempt], _registry.All);
        _registry.Remove(attempt);
        Assert.Empty(_registry.All);
    }

    private (Attempt Attempt, StartedJob Job) Started(long jid, int pid)
    {
        var (attempt, job) = MadeUp.Started(jid, pid);
        _registry.Add(attempt);
        _registry.Started(attempt, job);
        return (attempt, job);
    }
}
