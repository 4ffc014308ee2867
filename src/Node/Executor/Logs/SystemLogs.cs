using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>What the machine's logs say of jobs, from when an agent wants it. For the loop's
/// thread.</summary>
internal sealed class SystemLogs(HomePaths home, ExecutorLimits limits, ExecutorLog log)
    : IDisposable
{
    private const string Off = "off";

    /// <summary>Of the ring of a core, at 64 bytes a process: so a message finds its job whose
    /// sender is gone.</summary>
    private const long HistoryBytes = 128 << 10;

    /// <summary>/dev/log is looked after at most so often.</summary>
    private const long CheckMs = 1_000;

    private readonly JobSessions _sessions = new(home.Home);
    private ForkHistory? _history;
    private SyslogReceiver? _receiver;
    private LogDoor? _door;
    private long _checkAt;

    /// <summary>Why words of jobs to the system log are not had; empty: they are.</summary>
    public string Trouble { get; private set; } = "no agent has been here";

    /// <summary>Begins or ends as the limits say.</summary>
    /// <param name="now">Ms, here and below.</param>
    public void Follow(long now)
    {
        if (limits.Syslog == Off)
        {
            _door?.Release();
            _door = null;
            Trouble = "switched off (jobcloud.executor.syslog)";
            return;
        }
        if (_receiver is null)
            Start();
        if (_receiver is { } receiver)
            _door ??= new LogDoor(home.SyslogSocket, receiver.HandOnTo);
        Check(now);
    }

    /// <summary>Before jobs start: what they see is decided then.</summary>
    public void LookAfter(long now)
    {
        if (_door is not null && now >= _checkAt)
            Check(now);
    }

    public void Started(int pid, AttemptId id) => _sessions.Started(pid, id);

    public void Ended(int pid, AttemptId id, long now) => _sessions.Ended(pid, id, now);

    public void Dispose()
    {
        _door?.Release();
        _ = Libc.unlink(home.SyslogSocket);
        _history?.Dispose();
        if (_receiver is { Strangers: > 0 and var strangers })
            log.Write($"{strangers} messages to the system log were of no job");
    }

    private void Start()
    {
        _history = ForkHistory.Open(HistoryBytes);
        if (_history is null)
            log.Write(
                "the kernel tells no history of processes: what one says that is gone at once may be lost"
            );
        _receiver = SyslogReceiver.Start(home, _sessions, _history);
        if (_receiver is null)
            Trouble = $"the socket {home.SyslogSocket} cannot be opened";
        if (!KernelLogReader.Start(home, _sessions, _history))
            log.Write("the kernel's log may not be read: jobs' syslog goes without");
    }

    /// <summary>A system log may come and go, and take its place with it.</summary>
    private void Check(long now)
    {
        _checkAt = now + CheckMs;
        if (_door is null)
            return;
        var trouble = _door.Take() ?? "";
        if (trouble != Trouble && trouble.Length > 0)
            log.Write($"no syslog of jobs: {trouble}");
        Trouble = trouble;
    }
}
