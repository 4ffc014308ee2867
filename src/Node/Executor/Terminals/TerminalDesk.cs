using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>All terminals and the jobs that they are in. Owned by the loop's thread; only what
/// <see cref="ITerminalDesk"/> has is for others.</summary>
/// <param name="childAdded">The executor has a child more.</param>
internal sealed class TerminalDesk(
    AttemptBook book,
    TerminalStarter starter,
    ExecutorLimits limits,
    EventLoop loop,
    Action childAdded
) : ITerminalDesk, IGuests
{
    private const int LastSignal = 64;

    /// <summary>Between looks at a job that is not in its sandbox yet, ms.</summary>
    private const long EnteringMs = 10;

    private readonly Dictionary<Terminal, Place> _places = [];
    private readonly Dictionary<int, Place> _byPid = [];

    public void Open(Terminal terminal, OpenTerminal open, TerminalEnds ends) =>
        loop.Post(now => Admit(terminal, open, ends, now.Ms));

    public void Signal(Terminal terminal, int signal, int group) =>
        loop.Post(_ =>
        {
            if (_places.TryGetValue(terminal, out var place) && signal is > 0 and <= LastSignal)
                place.Signal(signal, group);
        });

    public void Over(Terminal terminal) => loop.Post(_ => Remove(terminal));

    public void JobStarted(Attempt attempt, StartedJob job, long now)
    {
        var launch = job.Launch;
        if (launch.Anchor is not { } anchor || launch.Terms.ShellJob is not { IdleMs: > 0 } shell)
            return;
        loop.At(
            now + shell.IdleMs,
            _ =>
            {
                if (!anchor.WasVisited)
                    anchor.Lift(ShellJobs.NobodyCame(shell.IdleMs));
            }
        );
    }

    public Attempt? OwnerOf(int pid) => _byPid.GetValueOrDefault(pid)?.Attempt;

    public bool Any(Attempt attempt)
    {
        foreach (var place in _byPid.Values)
        {
            if (place.Attempt == attempt)
                return true;
        }
        return false;
    }

    public bool Ended(in ChildExit exit)
    {
        if (!_byPid.Remove(exit.Pid, out var place))
            return false;
        place.HasEnded = true;
        place.Job.Usage.Ended(exit);
        if (place.Attempt.Phase is not AttemptPhase.Running)
            TellEnd(place);
        var code = exit.Signal != 0 ? 128 + exit.Signal : exit.Code;
        place.Terminal.Tell(new TerminalNews.Exited(code));
        return true;
    }

    public void JobEnded(Attempt attempt, StartedJob job)
    {
        if (_places.Count == 0)
            return;
        foreach (var place in _places.Values)
        {
            if (place.Attempt == attempt)
                TellEnd(place);
        }
    }

    public void JobGone(Attempt attempt, StartedJob job)
    {
        job.Launch.Anchor?.Dispose();
        starter.JobGone(attempt);
        JobEnded(attempt, job);
    }

    private static void TellEnd(Place place)
    {
        if (place.IsTold)
            return;
        place.IsTold = true;
        var (attempt, first) = (place.Attempt, place.Job.FirstExit);
        var causes = attempt.Phase.Causes;
        var exit = new Exit
        {
            Code = first?.Code ?? 0,
            Signal = first?.Signal ?? 0,
            OverMaxRuntime = causes.HasFlag(EndCauses.OverMaxRuntime),
            OutOfMemory = causes.HasFlag(EndCauses.OutOfMemory),
            Fenced = causes.HasFlag(EndCauses.Fenced),
        };
        var isStopped = attempt.Phase is AttemptPhase.Terminating or AttemptPhase.Killing;
        place.Terminal.Tell(
            new TerminalNews.JobEnded(JobEnd.Sentence(attempt.Id.Jid, exit, isStopped))
        );
    }

    private void Admit(Terminal terminal, OpenTerminal open, TerminalEnds ends, long now)
    {
        if (Find(open) is not { Living: { } job } attempt)
            Refuse(terminal, TerminalRefusals.NotHere(open));
        else if (_places.Count >= limits.Terminals.PerNode)
            Refuse(terminal, TerminalRefusals.NodeIsFull(open, _places.Count));
        else if (
            _places.Values.Count(p => p.Attempt == attempt) is var count and > 0
            && count >= limits.Terminals.PerJob
        )
            Refuse(terminal, TerminalRefusals.JobIsFull(open, count));
        else if (TerminalStarter.IsEntering(job))
            loop.At(now + EnteringMs, later => Admit(terminal, open, ends, later.Ms));
        else if (starter.Start(attempt, job, open, ends, now, out var process) is { } trouble)
            Refuse(terminal, TerminalRefusals.CannotStart(open, trouble));
        else
            Enter(terminal, attempt, job, process);
    }

    private void Enter(Terminal terminal, Attempt attempt, StartedJob job, Spawned process)
    {
        childAdded();
        var place = new Place(terminal, attempt, job, process.Pid);
        _places.Add(terminal, place);
        _byPid[process.Pid] = place;
        if (job.Launch.Anchor is { } anchor)
            anchor.WasVisited = true;
        var variables = job.Launch.Terms.Environment;
        var node = variables.FirstOrDefault(v => v.Name == "JOBCLOUD_NODE")?.Value ?? "";
        terminal.Tell(new TerminalNews.Started(process, node, attempt.Id.Number));
    }

    private void Remove(Terminal terminal)
    {
        if (_places.Remove(terminal, out var place))
        {
            if (
                place.Job.Launch is { Anchor: { } anchor, Terms.ShellJob.KeepAlive: false }
                && _places.Values.All(other => other.Attempt != place.Attempt)
            )
                anchor.Lift(ShellJobs.LastHasGone);
        }
        terminal.Dispose();
    }

    private Attempt? Find(OpenTerminal open)
    {
        if (open.Attempt > 0)
            return book.TryGet(new(open.Jid, open.Attempt), out var named) && IsOpenTo(named)
                ? named
                : null;
        return book.Living.FirstOrDefault(one => one.Id.Jid == open.Jid && IsOpenTo(one));
    }

    private static bool IsOpenTo(Attempt attempt) =>
        attempt is { Phase: AttemptPhase.Running, Job.FirstExit: null };

    private static void Refuse(Terminal terminal, Refusal refusal) =>
        terminal.Tell(new TerminalNews.Refused(refusal));

    /// <summary>A terminal and its job.</summary>
    private sealed record Place(Terminal Terminal, Attempt Attempt, StartedJob Job, int Pid)
    {
        public bool HasEnded { get; set; }

        /// <summary>It knows that its job ends.</summary>
        public bool IsTold { get; set; }

        public void Signal(int signal, int group)
        {
            if (group > 0)
                _ = Libc.kill(-group, signal);
            else if (!HasEnded)
                _ = Libc.kill(-Pid, signal);
        }
    }
}
