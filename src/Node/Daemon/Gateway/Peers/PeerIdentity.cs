using System.Net.Sockets;
using System.Runtime.InteropServices;
using JobCloud.Protocol.Accounts;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Gateway.Peers;

/// <summary>The process at the other end of a unix socket, by its kernel credentials (SO_PEERCRED
/// and SO_PEERPIDFD, unix(7)).</summary>
/// <param name="Pid">0: the process is in another pid namespace.</param>
/// <param name="Handle">Refers to that very process, even if its pid is reused; null: the kernel
/// has no such handles.</param>
internal sealed partial record PeerIdentity(int Pid, uint Uid, SafeFileHandle? Handle) : IDisposable
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int SoPeerPidFd = 77;
    private const int NoSuchProcess = 3;
    private const short PollIn = 1;
    private const uint Root = 0;

    /// <summary>Whether it runs as root or as this process's own account.</summary>
    public bool IsNodeAccount => Uid == Root || Uid == EffectiveUserId();

    /// <summary>The name of its account.</summary>
    public string Account => Uid == Root ? AccountNames.Root : NameOf(Uid);

    /// <summary>Whether the process is alive, according to the kernel.</summary>
    public unsafe bool IsAlive
    {
        get
        {
            if (Handle is null)
                return true;
            var fd = new PollFd { Fd = (int)Handle.DangerousGetHandle(), Events = PollIn };
            return Poll(&fd, 1, 0) == 0;
        }
    }

    /// <summary>Returns the peer of a socket; null: the kernel does not identify it, or it has
    /// exited.</summary>
    public static PeerIdentity? Of(Socket socket)
    {
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> credentials = stackalloc byte[12];
        try
        {
            return
                socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == 12
                && TryOpen(socket, out var handle)
                ? new PeerIdentity(
                    MemoryMarshal.Read<int>(credentials),
                    MemoryMarshal.Read<uint>(credentials[4..]),
                    handle
                )
                : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Returns the name of the user, or the number if no user has it
    /// (getpwuid_r(3)).</summary>
    public static unsafe string NameOf(uint uid)
    {
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* start = buffer)
        {
            Password entry;
            Password* found;
            return
                UserById(uid, &entry, start, (nuint)buffer.Length, &found) == 0 && found is not null
                ? Marshal.PtrToStringUTF8((nint)found->Name) ?? $"{uid}"
                : $"{uid}";
        }
    }

    public void Dispose() => Handle?.Dispose();

    /// <summary>Opens the handle, where the kernel has it; false: the process has
    /// exited.</summary>
    private static bool TryOpen(Socket socket, out SafeFileHandle? handle)
    {
        handle = null;
        Span<byte> fd = stackalloc byte[sizeof(int)];
        try
        {
            _ = socket.GetRawSocketOption(SolSocket, SoPeerPidFd, fd);
        }
        catch (SocketException e)
        {
            return e.NativeErrorCode != NoSuchProcess;
        }
        handle = new SafeFileHandle(MemoryMarshal.Read<int>(fd), ownsHandle: true);
        return true;
    }

    /// <summary>The start of struct passwd, which fits into the size given here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private unsafe struct Password
    {
        public byte* Name;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short ReturnedEvents;
    }

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int UserById(
        uint uid,
        Password* entry,
        byte* buffer,
        nuint size,
        Password** found
    );

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollFd* fds, nuint count, int timeoutMs);
}
