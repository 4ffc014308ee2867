using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Redirects /dev/log, where programs find the system log, to the executor's socket: by a
/// link if nothing is there, otherwise by a mount that only jobs see. Used only on the thread that
/// starts jobs.</summary>
/// <param name="socket">The executor's socket.</param>
/// <param name="forwardTo">Receives the descriptor to forward messages to, or -1.</param>
internal sealed class DevLogRedirect(string socket, Action<int> forwardTo)
{
    private const string DevLog = "/dev/log";

    /// <summary>The end of the socket path of any home.</summary>
    private const string OwnKind = "/syslog.sock";

    private bool _isUnshared;
    private bool _isMounted;

    /// <summary>Redirects /dev/log. Returns null if it is redirected, otherwise the reason of the
    /// failure.</summary>
    public string? Install()
    {
        if (IsOurs())
            return null;
        if (!Libc.TryStat(DevLog, followLink: false, out _) || RemoveDeadLink())
            return Link();
        return MountOver();
    }

    /// <summary>Removes the redirection.</summary>
    public void Release()
    {
        forwardTo(-1);
        if (_isMounted)
            _ = Libc.umount2(DevLog, Libc.MNT_DETACH);
        if (LinkTarget == socket)
            _ = Libc.unlink(DevLog);
        _isMounted = false;
    }

    private static string? LinkTarget => new FileInfo(DevLog).LinkTarget;

    private bool IsOurs() =>
        Libc.TryStat(DevLog, followLink: true, out var target)
        && Libc.TryStat(socket, followLink: true, out var own)
        && (target.Inode, target.Device) == (own.Inode, own.Device);

    private string? Link()
    {
        forwardTo(-1);
        return Libc.symlink(socket, DevLog) == 0
            ? null
            : $"the machine has no system log ({DevLog}), and only root can create one";
    }

    /// <summary>Removes a link left by an executor that was killed.</summary>
    private static bool RemoveDeadLink()
    {
        if (LinkTarget?.EndsWith(OwnKind, StringComparison.Ordinal) != true)
            return false;
        var fd = UnixAddress.Connect(DevLog);
        if (fd >= 0)
            _ = Libc.close(fd);
        return fd < 0 && Libc.unlink(DevLog) == 0;
    }

    /// <summary>Mounts the executor's socket over the machine's. A mount namespace belongs to a
    /// thread, so only the jobs that this thread starts see the mount
    /// (mount_namespaces(7)).</summary>
    private string? MountOver()
    {
        var next = UnixAddress.Connect(DevLog);
        if (
            (_isUnshared || Libc.unshare(Libc.CLONE_NEWNS) == 0)
            && Libc.mount(null, "/", null, Libc.MS_REC | Libc.MS_SLAVE, 0) == 0
            && Libc.mount(socket, DevLog, null, Libc.MS_BIND, 0) == 0
        )
        {
            _isUnshared = _isMounted = true;
            forwardTo(next);
            return null;
        }
        if (next >= 0)
            _ = Libc.close(next);
        return $"{DevLog} belongs to the machine's system log, and only root can redirect it";
    }
}
