using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>Continues the node or the guard if a signal has stopped it for long. Used only on the
/// event-loop thread.</summary>
/// <param name="watched">The names of the processes with their current pids; 0: not
/// running.</param>
internal sealed class StoppedProcesses(
    EventLoop loop,
    ExecutorLog log,
    IReadOnlyList<(string Name, Func<int> Pid)> watched
)
{
    private readonly StoppedWatch[] _watches = new StoppedWatch[watched.Count];

    /// <param name="now">The time in ms.</param>
    public void Watch(long now)
    {
        for (var i = 0; i < _watches.Length; i++)
        {
            var (name, pidOf) = watched[i];
            var pid = pidOf();
            var isStopped = pid > 0 && ProcessStat.Read(pid) is { IsStopped: true };
            _watches[i] = _watches[i].Look(isStopped, now, out var isDue);
            if (!isDue)
                continue;
            log.Write($"{name}, pid {pid}, was stopped by a signal: continuing it");
            _ = Libc.kill(pid, Libc.SIGCONT);
        }
        loop.At(now + StoppedWatch.LookMs, later => Watch(later.Ms));
    }
}
