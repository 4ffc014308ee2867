using JobCloud.Node.Executor.Attempts;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Tests.Executor.Attempts;

public sealed class AttemptBookTests
{
    private readonly AttemptBook _book = new();

    [Fact]
    public void An_attempt_is_found_by_its_pid_while_it_may_have_processes()
    {
        var (attempt, job) = Started(jid: 1, pid: 7);

        Assert.True(_book.TryGetByPid(7, out var found));
        Assert.Same(attempt, found);
        Assert.Same(job, attempt.Living);
        Assert.Equal(1, _book.WithoutCgroup);

        _book.Turned(attempt, new AttemptPhase.Ended());
        _book.Gone(attempt, job);

        Assert.False(_book.TryGetByPid(7, out _));
        Assert.Null(attempt.Living);
        Assert.Same(job, attempt.Job);
        Assert.Equal(0, _book.WithoutCgroup);
    }

    [Fact]
    public void A_reused_pid_stays_with_its_new_attempt()
    {
        var (first, itsJob) = Started(jid: 1, pid: 7);
        var (second, _) = Started(jid: 2, pid: 7);

        _book.Gone(first, itsJob);

        Assert.True(_book.TryGetByPid(7, out var found));
        Assert.Same(second, found);
    }

    [Fact]
    public void Draining_attempts_are_listed_until_they_have_no_processes()
    {
        var (attempt, _) = Started(jid: 1, pid: 7);

        _book.Turned(attempt, new AttemptPhase.Draining(KillAt: 10));
        _book.Turned(attempt, new AttemptPhase.Draining(KillAt: null));
        Assert.Equal([attempt], _book.Draining);

        _book.Turned(attempt, new AttemptPhase.Ended());
        Assert.Empty(_book.Draining);
    }

    [Fact]
    public void An_end_is_kept_until_it_is_acknowledged()
    {
        var (attempt, _) = Started(jid: 1, pid: 7);
        var end = new ProcessEnded { Jid = 1 };

        _book.Ended(attempt, end);

        Assert.Equal(0, _book.Unended);
        Assert.Same(end, attempt.End);
        Assert.Null(attempt.Job);
        Assert.Equal([attempt], _book.All);
        _book.Remove(attempt);
        Assert.Empty(_book.All);
    }

    private (Attempt Attempt, StartedJob Job) Started(long jid, int pid)
    {
        var (attempt, job) = MadeUp.Started(jid, pid);
        _book.Add(attempt);
        _book.Started(attempt, job);
        return (attempt, job);
    }
}
