using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Manages all terminals and the jobs that they are in. Owned by the event-loop thread;
/// other threads use only <see cref="ITerminalService"/>.</summary>
/// <param name="childAdded">Called when the executor has a new child.</param>
internal sealed class TerminalService(
    AttemptRegistry registry,
    TerminalStarter starter,
    ExecutorLimits limits,
    EventLoop loop,
    Action childAdded
) : ITerminalService, IAddedProcesses
{
    private const int LastSignal = 64;

    /// <summary>Interval of the checks of a job that is not in its sandbox yet, ms.</summary>
    private const long EnteringPollMs = 10;

    private readonly Dictionary<JobTerminal, Entry> _entries = [];
    private readonly Dictionary<int, Entry> _byPid = [];

    public void Open(JobTerminal terminal, OpenTerminal open, TerminalStreams ends) =>
        loop.Post(now => Admit(terminal, open, ends, now.Ms));

    public void Signal(JobTerminal terminal, int signal, int group) =>
        loop.Post(_ =>
        {
            if (_entries.TryGetValue(terminal, out var entry) && signal is > 0 and <= LastSignal)
                entry.Signal(signal, group);
        });

    public void Finished(JobTerminal terminal) => loop.Post(_ => Remove(terminal));

    public void Failed(Exception fault) => loop.Report(fault);

    public void JobStarted(TrackedAttempt attempt, StartedJob job, long now)
    {
        var launch = job.Launch;
        if (
            launch.ShellJobPipe is not { } shellJobPipe
            || launch.Order.ShellJob is not { IdleMs: > 0 } shell
        )
            return;
        loop.At(
            now + shell.IdleMs,
            _ =>
            {
                if (!shellJobPipe.HadTerminal)
                    shellJobPipe.Release(ShellJobMessages.NoTerminalOpened(shell.IdleMs));
            }
        );
    }

    public TrackedAttempt? OwnerOf(int pid) => _byPid.GetValueOrDefault(pid)?.Attempt;

    public bool Any(TrackedAttempt attempt)
    {
        foreach (var entry in _byPid.Values)
        {
            if (entry.Attempt == attempt)
                return true;
        }
        return false;
    }

    public bool Ended(in ChildExit exit)
    {
        if (!_byPid.Remove(exit.Pid, out var entry))
            return false;
        entry.HasEnded = true;
        entry.Job.Usage.Ended(exit);
        if (entry.Attempt.Phase is not AttemptPhase.Running)
            ReportJobEnd(entry);
        var code = exit.Signal != 0 ? 128 + exit.Signal : exit.Code;
        entry.Terminal.Send(new TerminalEvent.Exited(code));
        return true;
    }

    public void JobEnded(TrackedAttempt attempt, StartedJob job)
    {
        if (_entries.Count == 0)
            return;
        foreach (var entry in _entries.Values)
        {
            if (entry.Attempt == attempt)
                ReportJobEnd(entry);
        }
    }

    public void JobProcessesGone(TrackedAttempt attempt, StartedJob job)
    {
        job.Launch.ShellJobPipe?.Dispose();
        starter.JobGone(attempt);
        JobEnded(attempt, job);
    }

    private static void ReportJobEnd(Entry entry)
    {
        if (entry.WasInformed)
            return;
        entry.WasInformed = true;
        var (attempt, first) = (entry.Attempt, entry.Job.FirstExit);
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
        entry.Terminal.Send(
            new TerminalEvent.JobEnded(JobEndText.Sentence(attempt.Id.Jid, exit, isStopped))
        );
    }

    private void Admit(JobTerminal terminal, OpenTerminal open, TerminalStreams ends, long now)
    {
        if (Find(open) is not { LiveJob: { } job } attempt)
            Refuse(terminal, TerminalRefusals.NotHere(open));
        else if (_entries.Count >= limits.Terminals.PerNode)
            Refuse(terminal, TerminalRefusals.NodeIsFull(open, _entries.Count));
        else if (
            _entries.Values.Count(p => p.Attempt == attempt) is var count and > 0
            && count >= limits.Terminals.PerJob
        )
            Refuse(terminal, TerminalRefusals.JobIsFull(open, count));
        else if (TerminalStarter.IsStarting(job))
            loop.At(now + EnteringPollMs, later => Admit(terminal, open, ends, later.Ms));
        else if (starter.Start(attempt, job, open, ends, now, out var process) is { } reason)
            Refuse(terminal, TerminalRefusals.CannotStart(open, reason));
        else
            Enter(terminal, attempt, job, process);
    }

    private void Enter(
        JobTerminal terminal,
        TrackedAttempt attempt,
        StartedJob job,
        SpawnResult process
    )
    {
        childAdded();
        var entry = new Entry(terminal, attempt, job, process.Pid);
        _entries.Add(terminal, entry);
        _byPid[process.Pid] = entry;
        if (job.Launch.ShellJobPipe is { } shellJobPipe)
            shellJobPipe.HadTerminal = true;
        var variables = job.Launch.Order.Environment;
        var node = variables.FirstOrDefault(v => v.Name == "JOBCLOUD_NODE")?.Value ?? "";
        terminal.Send(new TerminalEvent.Started(process, node, attempt.Id.Number));
    }

    private void Remove(JobTerminal terminal)
    {
        if (_entries.Remove(terminal, out var entry))
        {
            if (
                entry.Job.Launch
                    is { ShellJobPipe: { } shellJobPipe, Order.ShellJob.KeepAlive: false }
                && _entries.Values.All(other => other.Attempt != entry.Attempt)
            )
                shellJobPipe.Release(ShellJobMessages.LastTerminalClosed);
        }
        terminal.Dispose();
    }

    private TrackedAttempt? Find(OpenTerminal open)
    {
        if (open.Attempt > 0)
            return registry.TryGet(new(open.Jid, open.Attempt), out var named) && IsOpenTo(named)
                ? named
                : null;
        return registry.Live.FirstOrDefault(one => one.Id.Jid == open.Jid && IsOpenTo(one));
    }

    private static bool IsOpenTo(TrackedAttempt attempt) =>
        attempt is { Phase: AttemptPhase.Running, Job.FirstExit: null };

    private static void Refuse(JobTerminal terminal, Refusal refusal) =>
        terminal.Send(new TerminalEvent.Refused(refusal));

    /// <summary>A terminal in a job.</summary>
    private sealed record Entry(
        JobTerminal Terminal,
        TrackedAttempt Attempt,
        StartedJob Job,
        int Pid
    )
    {
        public bool HasEnded { get; set; }

        /// <summary>Whether it was informed that its job ends.</summary>
        public bool WasInformed { get; set; }

        public void Signal(int signal, int group)
        {
            if (group > 0)
                _ = Libc.kill(-group, signal);
            else if (!HasEnded)
                _ = Libc.kill(-Pid, signal);
        }
    }
}
