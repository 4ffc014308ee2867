using System.Diagnostics;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Threads;

/// <summary>The thread that reaps all children, adopted ones included, and tells of each.</summary>
internal sealed class Reaper(Action<ChildExit> tell)
{
    private readonly Bell _childAdded = new();
    private long _reaped;

    /// <summary>Counts up before a child is reaped and again afterwards: it is odd meanwhile. For
    /// any thread.</summary>
    public long Reaped => Interlocked.Read(ref _reaped);

    public void Start() => new Thread(Run) { IsBackground = true, Name = "reaper" }.Start();

    /// <summary>A child was started: without any, the thread sleeps.</summary>
    public void ChildAdded() => _childAdded.Ring();

    private void Run()
    {
        while (true)
        {
            if (TryReap(out var exit))
                tell(exit);
            else
                _childAdded.Wait();
        }
    }

    /// <summary>Waits for the next end; false: there is no child. The session is read while the
    /// ended process still has one, so that an orphan's cost finds its job.</summary>
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
                throw new UnreachableException($"waitid: error {Libc.Errno}");
        }
    }

    /// <summary>False: posix_spawn(3), which reaps a child of its own that could execute nothing,
    /// was faster.</summary>
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
            throw new UnreachableException($"wait4: error {error}");
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
