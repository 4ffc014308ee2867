using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Namespaces and mounts (namespaces(7)).</summary>
internal static unsafe partial class Libc
{
    public const int CLONE_NEWNET = 0x4000_0000;
    public const int CLONE_NEWNS = 0x20000,
        MS_BIND = 0x1000,
        MS_REC = 0x4000,
        MS_SLAVE = 0x80000,
        MNT_DETACH = 2;

    /// <summary>Request for the user namespace that owns another namespace: ioctl_ns(2).</summary>
    private const nuint NS_GET_USERNS = 0xb701;

    /// <summary>Opens the user namespace that owns this one; negative: failed.</summary>
    public static int OwnerOf(int namespaceFd) => ioctl(namespaceFd, NS_GET_USERNS, null);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setns(SafeFileHandle fd, int kind);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(
        string? source,
        string target,
        string? kind,
        nuint flags,
        nint data
    );

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int umount2(string target, int flags);
}
