using System.Runtime.InteropServices;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs.Directories;

/// <summary>The account and group that a file belongs to.</summary>
internal readonly record struct FileOwnership(uint User, uint Group);

/// <summary>The kind of an opened file.</summary>
internal enum OpenedKind
{
    Other,
    Regular,
    Directory,
}

/// <summary>An entry of a directory.</summary>
/// <param name="Modified">µs since the Unix epoch.</param>
internal readonly record struct EntryStatus(OpenedKind Kind, bool IsLink, long Size, long Modified);

/// <summary>Opens files beneath a directory of a job, as the owner of the directory
/// (openat2(2)).</summary>
internal static unsafe partial class OwnerFiles
{
    public const int NoSuchFile = 2,
        NoPermission = 13,
        Outside = 18, // EXDEV
        NotDirectory = 20,
        NoSuchCall = 38;

    private const int OpenAt2 = 437;
    private const int ReadOnly = 0,
        CloseOnExec = 0x8_0000,
        NonBlocking = 0x800,
        NoTerminal = 0x100,
        PathOnly = 0x20_0000;
    private const ulong NoMagicLinks = 2,
        Beneath = 8;

    private const int Here = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000,
        NoFollow = 0x100;
    private const uint BasicStatus = 0x7ff;
    private const int KindMask = 0xf000,
        RegularKind = 0x8000,
        LinkKind = 0xa000,
        DirectoryKind = 0x4000;

    /// <summary>The owner of a directory; null: there is none.</summary>
    public static FileOwnership? OwnerOf(string directory)
    {
        StatxResult status;
        return
            Statx(Here, directory, NoFollow, BasicStatus, &status) == 0
            && (status.Mode & KindMask) == DirectoryKind
            ? new(status.User, status.Group)
            : null;
    }

    /// <summary>Opens a file or directory for reading; null: failed. Links lead nowhere outside,
    /// and nothing waits for a pipe.</summary>
    /// <param name="path">Beneath the directory, escaped as in listings; empty: the directory
    /// itself.</param>
    public static SafeFileHandle? OpenBeneath(
        string directory,
        string path,
        FileOwnership owner,
        out int error
    )
    {
        // Only the node can replace it, and the account may be unable to reach it.
        using var at = Opened(Open(directory, PathOnly | CloseOnExec), out error);
        if (at is null)
            return null;
        using var rights = new OwnerRights(owner);
        var how = new OpenHow
        {
            Flags = ReadOnly | CloseOnExec | NonBlocking | NoTerminal,
            Resolve = Beneath | NoMagicLinks,
        };
        var relative = path.Trim('/') is { Length: > 0 } name ? name : ".";
        fixed (byte* bytes = WithEnd(Utf8Text.Unescape(relative)))
            return Opened(
                (int)OpenAt(OpenAt2, at.DangerousGetHandle(), bytes, &how, (nuint)sizeof(OpenHow)),
                out error
            );
    }

    public static OpenedKind KindOf(SafeFileHandle file)
    {
        StatxResult status;
        return Statx((int)file.DangerousGetHandle(), "", EmptyPath, BasicStatus, &status) != 0
            ? OpenedKind.Other
            : KindOf(status.Mode);
    }

    /// <summary>What an entry of an opened directory is; null: it was removed.</summary>
    public static EntryStatus? StatusOf(SafeFileHandle directory, byte[] name)
    {
        StatxResult status;
        fixed (byte* bytes = WithEnd(name))
            if (
                StatxAt((int)directory.DangerousGetHandle(), bytes, NoFollow, BasicStatus, &status)
                != 0
            )
                return null;
        return new(
            KindOf(status.Mode),
            (status.Mode & KindMask) == LinkKind,
            status.Size,
            DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).ToMicroseconds()
                + status.ModifiedNanoseconds / 1_000
        );
    }

    private static OpenedKind KindOf(ushort mode) =>
        (mode & KindMask) switch
        {
            RegularKind => OpenedKind.Regular,
            DirectoryKind => OpenedKind.Directory,
            _ => OpenedKind.Other,
        };

    private static byte[] WithEnd(byte[] name) => [.. name, 0];

    private static SafeFileHandle? Opened(int descriptor, out int error)
    {
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new(descriptor, ownsHandle: true);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>The start of struct statx (statx(2)).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxResult
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;
    }

    [LibraryImport(
        "libc",
        EntryPoint = "open",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long OpenAt(
        long number,
        nint directory,
        byte* path,
        OpenHow* how,
        nuint size
    );

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatxAt(
        int folder,
        byte* path,
        int flags,
        uint mask,
        StatxResult* status
    );

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(
        int folder,
        string path,
        int flags,
        uint mask,
        StatxResult* status
    );
}
