using System.Runtime.InteropServices;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>Checks that others cannot change what this node reads.</summary>
internal static unsafe partial class FileOwner
{
    private const int Here = -100; // AT_FDCWD
    private const uint BasicStatus = 0x7ff;

    /// <summary>Checks the file of settings and the directories in which it could be replaced: up
    /// to the home, or its own. Returns null, or the problem as a sentence without a full
    /// stop.</summary>
    public static string? ErrorOfSettings(string path, string home)
    {
        if (!File.Exists(path))
            return null;
        var full = Path.GetFullPath(path);
        if (Trouble(full, mayBeShared: false) is { } trouble)
            return trouble;
        var folder = Path.GetDirectoryName(full)!;
        while (folder.Length > home.Length && folder.StartsWith($"{home}/"))
        {
            if (Trouble(folder, mayBeShared: false) is { } above)
                return above;
            folder = Path.GetDirectoryName(folder)!;
        }
        return Trouble(folder, mayBeShared: folder != home);
    }

    /// <summary>Checks the home; one that does not exist is fine.</summary>
    public static string? ErrorOfHome(string home) => Trouble(home, mayBeShared: false);

    private static string? Trouble(string path, bool mayBeShared)
    {
        StatxResult status;
        return Statx(Here, path, 0, BasicStatus, &status) == 0
            ? OwnerOnly.ErrorOf(path, status.Mode, status.Owner, EffectiveUser(), mayBeShared)
            : null;
    }

    /// <summary>The start of struct statx (statx(2)).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxResult
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(
        int folder,
        string path,
        int flags,
        uint mask,
        StatxResult* status
    );

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
