using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Sockets and polling.</summary>
internal static unsafe partial class Libc
{
    public const int AF_UNIX = 1,
        SOCK_STREAM = 1,
        SOCK_NONBLOCK = 0x800,
        SOCK_CLOEXEC = 0x80000;
    public const int MSG_NOSIGNAL = 0x4000;
    public const short POLLIN = 1,
        POLLOUT = 4,
        POLLERR = 8,
        POLLHUP = 16;
    public const int SOCK_DGRAM = 2,
        SOL_SOCKET = 1,
        SO_PASSCRED = 16,
        SCM_CREDENTIALS = 2;
    public const int MSG_DONTWAIT = 0x40;
    public const int SHUT_WR = 1,
        SHUT_RDWR = 2;
    private const int SO_PEERCRED = 17;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short ReturnedEvents;
    }

    /// <summary>struct msghdr of recvmsg(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Buffer* Buffers;
        public nint BufferCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Start;
        public nint Length;
    }

    /// <summary>A control message with credentials: cmsg(3), struct ucred of unix(7).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    public struct Credentials
    {
        public nint Length;
        public int Level;
        public int Kind;
        public int Pid;
        public int User;
        public int Group;
    }

    /// <summary>Creates a connected pair of sockets with close-on-exec.</summary>
    /// <returns>0 or an errno.</returns>
    public static int SocketPair(out int one, out int other)
    {
        var ends = stackalloc int[2];
        (one, other) = (-1, -1);
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            return Errno;
        (one, other) = (ends[0], ends[1]);
        return 0;
    }

    /// <summary>The process at the other end of a unix socket, and its user; null:
    /// unknown.</summary>
    public static (int Pid, uint User)? PeerOf(int fd)
    {
        // struct ucred: pid, uid, gid.
        var credentials = stackalloc uint[3];
        uint length = 3 * sizeof(uint);
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, &length) == 0
            ? ((int)credentials[0], credentials[1])
            : null;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint start, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socket(int family, int kind, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int bind(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int listen(int fd, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int accept4(int fd, byte* address, uint* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recv(int fd, byte* target, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint send(int fd, byte* source, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int connect(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int name, int* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recvmsg(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendmsg(int fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int kind, int protocol, int* ends);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int shutdown(int fd, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int fd, int level, int name, void* value, uint* length);
}
