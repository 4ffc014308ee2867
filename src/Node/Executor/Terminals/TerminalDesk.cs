using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>All terminals and the jobs that they are in. Owned by the loop's thread; only what
/// <see cref="ITerminalDesk"/> has is for others.</summary>
internal sealed class TerminalDesk(
    AttemptBook book,
    TerminalStarter starter,
    ExecutorLimits limits,
    EventLoop loop,
    Action childAdded
) : ITerminalDesk
{
    private const int LastSignal = 64;

    /// <summary>Between looks at a job that is not in its sandbox yet, ms.</summary>
    private const long EnteringMs = 10;

    private readonly Dictionary<Terminal, Place> _places = [];
    private readonly Dictionary<int, Place> _byPid = [];

    public void Open(Terminal terminal, OpenTerminal open, TerminalEnds ends) =>
        loop.Post(() => Admit(terminal, open, ends));

    public void Signal(Terminal terminal, int signal, int group) =>
        loop.Post(() =>
        {
            if (_places.TryGetValue(terminal, out var place) && signal is > 0 and <= LastSignal)
                place.Signal(signal, group);
        });

    public void Over(Terminal terminal) => loop.Post(() => Remove(terminal));

    /// <summary>A job's first process was started.</summary>
    public void Started(Attempt attempt)
    {
        if (attempt.Anchor is not { } anchor || attempt.Terms?.ShellJob is not { IdleMs: > 0 } job)
            return;
        loop.At(
            Clock.NowMs() + job.IdleMs,
            () =>
            {
                if (!anchor.WasVisited)
                    anchor.Lift(ShellJobs.NobodyCame(job.IdleMs));
            }
        );
    }

    /// <summary>Whose process this is; null: no terminal's.</summary>
    public Attempt? OwnerOf(int pid) => _byPid.GetValueOrDefault(pid)?.Attempt;

    /// <summary>Whether the process of a terminal of it lives.</summary>
    public bool Any(Attempt attempt)
    {
        foreach (var place in _byPid.Values)
        {
            if (place.Attempt == attempt)
                return true;
        }
        return false;
    }

    /// <summary>A child has ended; true: it was a terminal's.</summary>
    public bool Ended(in ChildExit exit)
    {
        if (!_byPid.Remove(exit.Pid, out var place))
            return false;
        place.HasEnded = true;
        place.Attempt.Usage.Ended(exit);
        if (place.Attempt.Phase is not AttemptPhase.Running)
            TellEnd(place);
        var code = exit.Signal != 0 ? 128 + exit.Signal : exit.Code;
        place.Terminal.Tell(new TerminalNews.Exited(code));
        return true;
    }

    /// <summary>The job's first process has ended, or nothing of it lives any more.</summary>
    public void JobEnded(Attempt attempt)
    {
        if (attempt.Phase is AttemptPhase.Ended)
        {
            attempt.Terms = null;
            attempt.Anchor?.Dispose();
            if (attempt.HasSshServer)
                AttemptFiles.RemoveKeys(attempt.Paths);
        }
        if (_places.Count == 0)
            return;
        foreach (var place in _places.Values)
        {
            if (place.Attempt == attempt)
                TellEnd(place);
        }
    }

    private static void TellEnd(Place place)
    {
        if (place.IsTold)
            return;
        place.IsTold = true;
        var attempt = place.Attempt;
        var exit = new Exit
        {
            Code = attempt.FirstExit.Code,
            Signal = attempt.FirstExit.Signal,
            OverMaxRuntime = attempt.OverMaxRuntime,
            OutOfMemory = attempt.OutOfMemory,
            Fenced = attempt.Fenced,
        };
        var isStopped = attempt.Phase is AttemptPhase.Terminating or AttemptPhase.Killing;
        place.Terminal.Tell(
            new TerminalNews.JobEnded(JobEnd.Sentence(attempt.Id.Jid, exit, isStopped))
        );
    }

    private void Admit(Terminal terminal, OpenTerminal open, TerminalEnds ends)
    {
        if (Find(open) is not { Terms: { } terms } attempt)
            Refuse(terminal, TerminalRefusals.NotHere(open));
        else if (_places.Count >= limits.Terminals.PerNode)
            Refuse(terminal, TerminalRefusals.NodeIsFull(open, _places.Count));
        else if (
            _places.Values.Count(p => p.Attempt == attempt) is var count and > 0
            && count >= limits.Terminals.PerJob
        )
            Refuse(terminal, TerminalRefusals.JobIsFull(open, count));
        else if (TerminalStarter.IsEntering(attempt))
            loop.At(Clock.NowMs() + EnteringMs, () => Admit(terminal, open, ends));
        else if (starter.Start(attempt, terms, open, ends, out var process) is { } trouble)
            Refuse(terminal, TerminalRefusals.CannotStart(open, trouble));
        else
            Enter(terminal, attempt, terms, process);
    }

    private void Enter(Terminal terminal, Attempt attempt, StartProcess terms, Spawned process)
    {
        childAdded();
        var place = new Place(terminal, attempt, process.Pid);
        _places.Add(terminal, place);
        _byPid[process.Pid] = place;
        if (attempt.Anchor is { } anchor)
            anchor.WasVisited = true;
        var node = terms.Environment.FirstOrDefault(v => v.Name == "JOBCLOUD_NODE")?.Value ?? "";
        terminal.Tell(new TerminalNews.Started(process, node, attempt.Id.Number));
    }

    private void Remove(Terminal terminal)
    {
        if (_places.Remove(terminal, out var place))
        {
            var attempt = place.Attempt;
            if (
                attempt is { Anchor: { } anchor, Terms.ShellJob.KeepAlive: false }
                && _places.Values.All(other => other.Attempt != attempt)
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
        attempt is { Phase: AttemptPhase.Running, FirstExit.Pid: 0 };

    private static void Refuse(Terminal terminal, Refusal refusal) =>
        terminal.Tell(new TerminalNews.Refused(refusal));

    /// <summary>A terminal and its job.</summary>
    private sealed record Place(Terminal Terminal, Attempt Attempt, int Pid)
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
