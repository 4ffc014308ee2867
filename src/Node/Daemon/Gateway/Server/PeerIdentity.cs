using System.Net.Sockets;
using System.Runtime.InteropServices;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Accounts;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Identifies the peer of a unix socket by its kernel credentials (SO_PEERCRED,
/// unix(7)).</summary>
internal static partial class PeerIdentity
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const uint Root = 0;

    /// <summary>Returns the peer of a connection, or null if the kernel does not identify
    /// it.</summary>
    public static Identity? Of(IFeatureCollection connection)
    {
        if (connection.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return null;
        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> credentials = stackalloc byte[12];
        try
        {
            if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) < 12)
                return null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
        var uid = MemoryMarshal.Read<uint>(credentials[4..]);
        var role = uid == Root || uid == EffectiveUserId() ? Role.Admin : Role.User;
        var name = NameOf(uid);
        return new Identity(name, role, uid == Root ? AccountNames.Root : name);
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

    /// <summary>The start of struct passwd, which fits into the size given here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private unsafe struct Password
    {
        public byte* Name;
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
}
