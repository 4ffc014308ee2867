using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Unix sockets bound to paths (unix(7)).</summary>
internal static unsafe class UnixAddress
{
    private const int PathAt = 2; // in sockaddr_un, after the family
    private const int Private = 0x180; // 0600

    /// <summary>Creates a datagram socket bound to a path; negative: failed, see
    /// <see cref="Libc.Errno"/>.</summary>
    public static int Bind(string path) => Open(path, Libc.SOCK_DGRAM, bindsPath: true);

    /// <summary>Creates a datagram socket that sends to a path; negative: failed, see
    /// <see cref="Libc.Errno"/>.</summary>
    public static int Connect(string path) => Open(path, Libc.SOCK_DGRAM, bindsPath: false);

    /// <summary>Creates a stream socket bound to a path, for this user only, and replaces an
    /// existing file; negative: failed, see <see cref="Libc.Errno"/>.</summary>
    /// <param name="flags">The flags of socket(2).</param>
    public static int BindStream(string path, int flags)
    {
        _ = Libc.unlink(path);
        var fd = Open(path, Libc.SOCK_STREAM | flags, bindsPath: true);
        return fd >= 0 && Libc.chmod(path, Private) == 0 ? fd : Fail(fd);
    }

    /// <summary>As <see cref="BindStream"/>, and listens.</summary>
    public static int Listen(string path, int backlog, int flags)
    {
        var fd = BindStream(path, flags);
        return fd >= 0 && Libc.listen(fd, backlog) == 0 ? fd : Fail(fd);
    }

    /// <summary>Whether a process listens at the path.</summary>
    public static bool IsListening(string path)
    {
        var fd = Open(path, Libc.SOCK_STREAM, bindsPath: false);
        if (fd < 0)
            return false;
        _ = Libc.close(fd);
        return true;
    }

    private static int Open(string path, int kind, bool bindsPath)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var length = PathAt + bytes.Length + 1;
        var address = stackalloc byte[length];
        *(short*)address = Libc.AF_UNIX;
        bytes.CopyTo(new Span<byte>(address + PathAt, bytes.Length));
        address[length - 1] = 0;
        var fd = Libc.socket(Libc.AF_UNIX, kind | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0)
            return fd;
        var result = bindsPath
            ? Libc.bind(fd, address, (uint)length)
            : Libc.connect(fd, address, (uint)length);
        return result == 0 ? fd : Fail(fd);
    }

    private static int Fail(int fd)
    {
        var error = Libc.Errno;
        if (fd >= 0)
            _ = Libc.close(fd);
        Marshal.SetLastPInvokeError(error);
        return -1;
    }
}
