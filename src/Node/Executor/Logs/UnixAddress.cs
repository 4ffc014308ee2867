using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Datagram sockets at paths (unix(7)).</summary>
internal static unsafe class UnixAddress
{
    private const int PathAt = 2; // in sockaddr_un, after the family

    /// <summary>A new socket that is bound to a path; negative: none, and
    /// <see cref="Libc.Errno"/> says why.</summary>
    public static int Bind(string path) => Open(path, isOwn: true);

    /// <summary>A new socket that sends to a path; negative: none, and <see cref="Libc.Errno"/> says
    /// why.</summary>
    public static int Connect(string path) => Open(path, isOwn: false);

    private static int Open(string path, bool isOwn)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var length = PathAt + bytes.Length + 1;
        var address = stackalloc byte[length];
        *(short*)address = Libc.AF_UNIX;
        bytes.CopyTo(new Span<byte>(address + PathAt, bytes.Length));
        address[length - 1] = 0;
        var fd = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0)
            return fd;
        var result = isOwn
            ? Libc.bind(fd, address, (uint)length)
            : Libc.connect(fd, address, (uint)length);
        if (result == 0)
            return fd;
        var error = Libc.Errno;
        _ = Libc.close(fd);
        System.Runtime.InteropServices.Marshal.SetLastPInvokeError(error);
        return -1;
    }
}
