using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Tests.Executor.Attempts;

/// <summary>Faults of the executor's own parts at each step of an attempt.</summary>
public sealed class AttemptFaultTests : IDisposable
{
    private const string Sentence = "the executor failed at it (IOException: broken)";
    private static readonly Moment Now = new(1_000, 1_000_000);

    private readonly AttemptRegistry _registry = new();
    private readonly EventLoop _loop = new(fault => throw fault);
    private readonly List<ProcessEnded> _ends = [];
    private readonly AttemptRunner _runner;
    private readonly Orphans _orphans;
    private string _broken = "";

    public AttemptFaultTests()
    {
        var home = new HomePaths("/nowhere");
        var parts = new Parts(this);
        _orphans = new Orphans(home, _loop, _registry, _ => 0, () => 0);
        _runner = new AttemptRunner(
            home,
            _loop,
            new ExecutionSettings(),
            _registry,
            new ChildOwners(_registry, parts, _orphans),
            parts,
            parts,
            parts,
            parts,
            _ => { }
        );
    }

    public void Dispose()
    {
        _orphans.Dispose();
        _loop.Dispose();
    }

    [Theory]
    [InlineData("start")]
    [InlineData("spawned")]
    [InlineData("job started")]
    [InlineData("processes gone")]
    [InlineData("finish")]
    public void A_fault_at_any_step_ends_the_attempt_once_with_a_sentence(string step)
    {
        _broken = step;

        Run(jid: 1);

        var end = Assert.Single(_ends);
        Assert.Equal(Sentence, end.End.Exit.NotStarted);
        Assert.Equal(0, _registry.UnendedCount);
        Assert.Empty(_registry.Live);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("finish")]
    public void The_next_attempt_is_not_affected(string step)
    {
        _broken = step;
        Run(jid: 1);
        _broken = "";

        Run(jid: 2);

        Assert.Equal("", _ends[^1].End.Exit.NotStarted);
        Assert.Equal([1, 2], _ends.Select(end => end.Jid));
    }

    [Fact]
    public void An_attempt_that_cannot_be_watched_is_killed()
    {
        _broken = "spawned";
        _runner.Start(new() { Jid = 1, Attempt = 1 }, isFenced: false, Now);
        _runner.StartNext(Now);

        Assert.True(_registry.TryGet(new(1, 1), out var attempt));
        Assert.IsType<AttemptPhase.Killing>(attempt.Phase);
    }

    /// <summary>Runs an attempt whose only process exits.</summary>
    private void Run(long jid)
    {
        _runner.Start(new() { Jid = jid, Attempt = 1 }, isFenced: false, Now);
        _runner.StartNext(Now);
        if (_registry.TryGet(new(jid, 1), out var attempt) && attempt.LiveJob is not null)
            _runner.FirstEnded(attempt, othersLeft: false, Now);
    }

    private void Break(string step)
    {
        if (_broken == step)
            throw new IOException("broken.");
    }

    private sealed class Parts(AttemptFaultTests test)
        : IAttemptStarter,
            IAttemptFinisher,
            IAttemptListener,
            IAddedProcesses
    {
        public StartedJob? Start(
            TrackedAttempt attempt,
            StartProcess order,
            Moment now,
            out StartError? trouble
        )
        {
            test.Break("start");
            trouble = null;
            var launch = new Launch(attempt.Paths, order, "/", Started: default);
            return new(launch, new SpawnResult((int)order.Jid << 24, 0, 0, 0));
        }

        public ProcessEnded EndOfUnstarted(TrackedAttempt attempt, Moment now) =>
            new()
            {
                Jid = attempt.Id.Jid,
                End = new()
                {
                    Exit = new()
                    {
                        NotStarted = (attempt.Phase as AttemptPhase.Ended)?.NotStarted?.Why ?? "",
                    },
                },
            };

        public void Finish(
            TrackedAttempt attempt,
            StartedJob job,
            Moment now,
            Action<ProcessEnded, long> finished
        )
        {
            test.Break("finish");
            var end = new ProcessEnded
            {
                Jid = attempt.Id.Jid,
                End = new() { Exit = new() { NotStarted = job.Fault } },
            };
            finished(end, now.Ms);
        }

        public void Spawned(TrackedAttempt attempt, StartedJob job, long now) =>
            test.Break("spawned");

        public void Announced(TrackedAttempt attempt, StartedJob job) { }

        public void Ended(TrackedAttempt attempt, StartedJob? job, ProcessEnded end, long now) =>
            test._ends.Add(end);

        public void Outlived(TrackedAttempt attempt, StartedJob job) { }

        public void StartRepeated(TrackedAttempt attempt) { }

        public void JobStarted(TrackedAttempt attempt, StartedJob job, long now) =>
            test.Break("job started");

        public void JobEnded(TrackedAttempt attempt, StartedJob job) { }

        public void JobProcessesGone(TrackedAttempt attempt, StartedJob job) =>
            test.Break("processes gone");

        public bool Ended(in ChildExit exit) => false;

        public TrackedAttempt? OwnerOf(int pid) => null;

        public bool Any(TrackedAttempt attempt) => false;
    }
}
