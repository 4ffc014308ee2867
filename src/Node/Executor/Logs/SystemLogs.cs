using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Collects the messages about jobs in the machine's logs, once an agent requests it. Used
/// only on the event-loop thread.</summary>
internal sealed class SystemLogs(HomePaths home, ExecutorLimits limits, ExecutorLog log)
    : IDisposable
{
    private const string Off = "off";

    /// <summary>Size of the fork history per core, at 64 bytes per process. The history assigns a
    /// message to its job after the sender has exited.</summary>
    private const long HistoryBytes = 128 << 10;

    /// <summary>Minimum interval between checks of /dev/log.</summary>
    private const long CheckMs = 1_000;

    private readonly JobSessions _sessions = new(home.Home);
    private ForkHistory? _history;
    private SyslogReceiver? _receiver;
    private DevLogRedirect? _redirect;
    private long _checkAt;

    /// <summary>The reason why jobs' syslog messages are unavailable; empty: they are
    /// available.</summary>
    public string UnavailableReason { get; private set; } = "no agent has connected yet";

    /// <summary>Starts or stops according to the limits.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public void ApplyLimits(long now)
    {
        if (limits.Syslog == Off)
        {
            _redirect?.Release();
            _redirect = null;
            UnavailableReason = "disabled (jobcloud.executor.syslog)";
            return;
        }
        if (_receiver is null)
            Start();
        if (_receiver is { } receiver)
            _redirect ??= new DevLogRedirect(home.SyslogSocket, receiver.ForwardTo);
        Check(now);
    }

    /// <summary>Checks /dev/log before jobs start, because a job sees the mounts present at its
    /// start.</summary>
    public void CheckDevLog(long now)
    {
        if (_redirect is not null && now >= _checkAt)
            Check(now);
    }

    /// <summary>The recent parent of a process, even of an exited one; 0: unknown.</summary>
    public int ParentOf(int pid) => _history?.ParentOf(pid) ?? 0;

    public void Started(int pid, AttemptId id) => _sessions.Started(pid, id);

    public void Ended(int pid, AttemptId id, long now) => _sessions.Ended(pid, id, now);

    public void Dispose()
    {
        _redirect?.Release();
        _ = Libc.unlink(home.SyslogSocket);
        _history?.Dispose();
        if (_receiver is { UnownedCount: > 0 and var unowned })
            log.Write($"{unowned} messages to the system log belonged to no job");
    }

    private void Start()
    {
        _history = ForkHistory.Open(HistoryBytes);
        if (_history is null)
            log.Write(
                "no fork history: syslog messages of processes that exit at once may be lost"
            );
        _receiver = SyslogReceiver.Start(home, _sessions, _history);
        if (_receiver is null)
            UnavailableReason = $"cannot open the socket {home.SyslogSocket}";
        if (!KernelLogReader.Start(home, _sessions, _history))
            log.Write("cannot read the kernel log: jobs' syslog does not include it");
    }

    /// <summary>Checks the redirection: a system log may start or stop and take /dev/log with
    /// it.</summary>
    private void Check(long now)
    {
        _checkAt = now + CheckMs;
        if (_redirect is null)
            return;
        var reason = _redirect.Install() ?? "";
        if (reason != UnavailableReason && reason.Length > 0)
            log.Write($"jobs' syslog is unavailable: {reason}");
        UnavailableReason = reason;
    }
}
