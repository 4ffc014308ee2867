using System.Diagnostics;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Threads;

/// <summary>The thread that reaps all children, including adopted ones, and reports each.</summary>
internal sealed class Reaper(Action<ChildExit> report)
{
    private readonly WakeEvent _childAdded = new();
    private long _reaped;

    /// <summary>A counter incremented before and after each reaping, so that it is odd meanwhile.
    /// Thread-safe.</summary>
    public long ReapCount => Interlocked.Read(ref _reaped);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "reaper" }.Start();

    /// <summary>Wakes the thread, which sleeps while there is no child.</summary>
    public void ChildAdded() => _childAdded.Set();

    private void Run()
    {
        while (true)
        {
            if (TryReap(out var exit))
                report(exit);
            else
                _childAdded.Wait();
        }
    }

    /// <summary>Waits for the next exit; false: there is no child. Reads the session while the
    /// zombie still has one, so that the cost of an orphan can be assigned to its job.</summary>
    private unsafe bool TryReap(out ChildExit exit)
    {
        Libc.SignalInfo info;
        while (true)
        {
            if (Libc.waitid(Libc.P_ALL, 0, &info, Libc.WEXITED | Libc.WNOWAIT) == 0)
            {
                if (TryReap(info.Pid, out exit))
                    return true;
            }
            else if (Libc.Errno == Libc.ECHILD)
            {
                exit = default;
                return false;
            }
            else if (Libc.Errno != Libc.EINTR)
                throw new UnreachableException($"waitid: errno {Libc.Errno}");
        }
    }

    /// <summary>Reaps a child; false: posix_spawn(3), which itself reaps a child that failed to
    /// exec, was faster.</summary>
    private unsafe bool TryReap(int pid, out ChildExit exit)
    {
        var session = Libc.getsid(pid);
        int status;
        Libc.ResourceUsage usage;
        Interlocked.Increment(ref _reaped);
        var reaped = Libc.wait4(pid, &status, 0, &usage);
        var error = reaped == pid ? 0 : Libc.Errno;
        Interlocked.Increment(ref _reaped);
        if (error is not (0 or Libc.ECHILD))
            throw new UnreachableException($"wait4: errno {error}");
        exit = new(
            pid,
            session,
            status,
            usage.UserSeconds * 1_000_000 + usage.UserMicroseconds,
            usage.SystemSeconds * 1_000_000 + usage.SystemMicroseconds,
            usage.MaxResidentKilobytes * 1024
        );
        return error == 0;
    }
}
