using System.Globalization;
using System.Runtime.InteropServices;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The real machine, by <c>/proc</c> (proc_pid_stat(5)), kill(2) and the executor's
/// lock.</summary>
/// <param name="home">The home of the executor.</param>
/// <param name="startExecutor">Starts a detached executor.</param>
/// <param name="clock">Compared with the start times of processes.</param>
internal sealed class LinuxMachine(HomePaths home, Action startExecutor, TimeProvider clock)
    : IMachine
{
    private const int SigKill = 9;
    private const int SigCont = 18;

    // The part of the name that comm holds (TASK_COMM_LEN of proc(5)).
    private static readonly string ExecutorName = JobCloudProgram.Executor.File[..15];

    // USER_HZ is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Maximum difference between a process's start and the executor's note of it, clock adjustments
    // included.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    /// <summary>Checks the pid in the lock file: the process must be alive and have the executor's
    /// name.</summary>
    public bool IsExecutorAlive() => FindExecutor() is not null;

    public bool IsExecutorStopped() => FindExecutor() is { } pid && Stat(pid) is { State: 'T' };

    public void ContinueExecutor()
    {
        if (FindExecutor() is { } pid)
            _ = Kill(pid, SigCont);
    }

    private int? FindExecutor() =>
        ReadText(home.ExecutorLock) is { } text
        && int.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var pid)
        && Stat(pid) is { State: not 'Z' }
        && ReadText($"/proc/{pid}/comm") is { } name
        && name.StartsWith(ExecutorName, StringComparison.Ordinal)
            ? pid
            : null;

    public void KillGroup(int pid, long startedAt)
    {
        if (Stat(pid) is not { } stat || stat.Session != pid)
            return;
        var noted = Microseconds.ToInstant(startedAt);
        if ((Started(stat) - noted).Duration() <= Tolerance)
            _ = Kill(-pid, SigKill);
    }

    public void StartExecutor() => startExecutor();

    // Exits from a separate thread, since code that runs at exit may wait for the calling actor.
    public void Exit(int exitCode) => new Thread(() => Environment.Exit(exitCode)).Start();

    private DateTimeOffset Started(SessionStat stat)
    {
        var uptime = ReadText("/proc/uptime")!.Split(' ')[0];
        var seconds = double.Parse(uptime, CultureInfo.InvariantCulture);
        return clock.GetUtcNow().AddSeconds(stat.StartTicks / TicksPerSecond - seconds);
    }

    // The name in parentheses can contain spaces and parentheses.
    private static SessionStat? Stat(int pid)
    {
        if (ReadText($"/proc/{pid}/stat") is not { } text)
            return null;
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new(
            fields[0][0],
            int.Parse(fields[3], CultureInfo.InvariantCulture),
            long.Parse(fields[19], CultureInfo.InvariantCulture)
        );
    }

    // A process can end between two reads; then there is nothing to read.
    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    private readonly record struct SessionStat(char State, int Session, long StartTicks);
}
