using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Sockets at paths (unix(7)).</summary>
internal static unsafe class UnixAddress
{
    private const int PathAt = 2; // in sockaddr_un, after the family
    private const int Private = 0x180; // 0600

    /// <summary>A new datagram socket that is bound to a path; negative: none, and
    /// <see cref="Libc.Errno"/> says why.</summary>
    public static int Bind(string path) => Open(path, Libc.SOCK_DGRAM, isOwn: true);

    /// <summary>A new datagram socket that sends to a path; negative: none, and
    /// <see cref="Libc.Errno"/> says why.</summary>
    public static int Connect(string path) => Open(path, Libc.SOCK_DGRAM, isOwn: false);

    /// <summary>A new stream socket that listens at a path, for this user alone, in the place of
    /// whatever is there; negative: none, and <see cref="Libc.Errno"/> says why.</summary>
    /// <param name="flags">Of socket(2).</param>
    public static int Listen(string path, int backlog, int flags)
    {
        _ = Libc.unlink(path);
        var fd = Open(path, Libc.SOCK_STREAM | flags, isOwn: true);
        return fd >= 0 && Libc.chmod(path, Private) == 0 && Libc.listen(fd, backlog) == 0
            ? fd
            : Fail(fd);
    }

    private static int Open(string path, int kind, bool isOwn)
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
        var result = isOwn
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
