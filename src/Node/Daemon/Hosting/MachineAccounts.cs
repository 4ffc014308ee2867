using System.Runtime.InteropServices;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The accounts of this node's machine.</summary>
internal static partial class MachineAccounts
{
    private const int EntryBytes = 16 * 1024;

    /// <summary>Tells why the jobs of a new access token cannot start on this node; empty: they
    /// can.</summary>
    public static string NoteOn(Token token, NodeSettings settings) =>
        RunAs.NoteOn(
            settings.Gateway.Accounts.AccountOf(token.User, token.RunAs),
            PeerIdentity.NameOf(EffectiveUserId()),
            settings.Agent.Limits.RunAs,
            settings.Node.Name,
            Exists
        );

    /// <summary>Whether the machine has an account of this name (getpwnam_r(3)).</summary>
    private static unsafe bool Exists(string name)
    {
        Span<byte> password = stackalloc byte[128];
        var buffer = new byte[EntryBytes];
        fixed (byte* entry = password)
        fixed (byte* start = buffer)
        {
            byte* found;
            return UserByName(name, entry, start, EntryBytes, &found) == 0 && found is not null;
        }
    }

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int UserByName(
        string name,
        byte* entry,
        byte* buffer,
        nuint size,
        byte** found
    );

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();
}
