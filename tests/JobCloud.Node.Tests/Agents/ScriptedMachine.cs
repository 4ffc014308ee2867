using System.Collections.Concurrent;
using JobCloud.Node.Daemon.Agents;

namespace JobCloud.Node.Tests.Agents;

/// <summary>A machine that only records actions.</summary>
public sealed class ScriptedMachine : IMachine
{
    public ConcurrentQueue<string> Done { get; } = new();

    public bool IsAlive { get; set; } = true;

    public bool IsExecutorAlive() => IsAlive;

    public void KillGroup(int pid, long startedAt) => Done.Enqueue($"kill {pid} of {startedAt}");

    public void StartExecutor() => Done.Enqueue("start executor");

    public bool IsStopped { get; set; }

    public bool IsExecutorStopped() => IsStopped;

    public void ContinueExecutor() => Done.Enqueue("continue executor");

    public void Exit(int exitCode) => Done.Enqueue($"exit {exitCode}");
}

/// <summary>A clock that a test sets.</summary>
public sealed class ManualClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20_000);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.Ticks;
}
