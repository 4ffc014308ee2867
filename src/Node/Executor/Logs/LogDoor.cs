using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Has /dev/log, where programs look for the system log, lead to a socket of ours: by a
/// link where there is nothing, else by a mount that jobs alone see. For the thread that starts
/// jobs.</summary>
/// <param name="socket">Ours.</param>
/// <param name="handOnTo">Told where to hand on to: a descriptor, or -1.</param>
internal sealed class LogDoor(string socket, Action<int> handOnTo)
{
    private const string Place = "/dev/log";

    /// <summary>The last folder and name of the socket of any home.</summary>
    private const string OwnKind = "/run/syslog.sock";

    private bool _isApart;
    private bool _isMounted;

    /// <summary>Takes it; null: done, or it is taken already; else why not.</summary>
    public string? Take()
    {
        if (IsOurs())
            return null;
        if (!Libc.TryStat(Place, followLink: false, out _) || RemoveDeadLink())
            return Link();
        return Cover();
    }

    /// <summary>Gives it back.</summary>
    public void Release()
    {
        handOnTo(-1);
        if (_isMounted)
            _ = Libc.umount2(Place, Libc.MNT_DETACH);
        if (LinkTarget == socket)
            _ = Libc.unlink(Place);
        _isMounted = false;
    }

    private static string? LinkTarget => new FileInfo(Place).LinkTarget;

    private bool IsOurs() =>
        Libc.TryStat(Place, followLink: true, out var there)
        && Libc.TryStat(socket, followLink: true, out var ours)
        && (there.Inode, there.Device) == (ours.Inode, ours.Device);

    private string? Link()
    {
        handOnTo(-1);
        return Libc.symlink(socket, Place) == 0
            ? null
            : $"the machine has no system log ({Place}), and only root can make one";
    }

    /// <summary>A link to the socket of an executor that was killed leads nowhere.</summary>
    private static bool RemoveDeadLink()
    {
        if (LinkTarget?.EndsWith(OwnKind, StringComparison.Ordinal) != true)
            return false;
        var fd = UnixAddress.Connect(Place);
        if (fd >= 0)
            _ = Libc.close(fd);
        return fd < 0 && Libc.unlink(Place) == 0;
    }

    /// <summary>A mount namespace belongs to a thread: the jobs that this one starts see our socket
    /// in place of the machine's, and nobody else does (mount_namespaces(7)).</summary>
    private string? Cover()
    {
        var next = UnixAddress.Connect(Place);
        if (
            (_isApart || Libc.unshare(Libc.CLONE_NEWNS) == 0)
            && Libc.mount(null, "/", null, Libc.MS_REC | Libc.MS_SLAVE, 0) == 0
            && Libc.mount(socket, Place, null, Libc.MS_BIND, 0) == 0
        )
        {
            _isApart = _isMounted = true;
            handOnTo(next);
            return null;
        }
        if (next >= 0)
            _ = Libc.close(next);
        return $"{Place} is the machine's own, and only root can read along";
    }
}
