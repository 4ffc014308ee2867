using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Opening files that others may have replaced (openat2(2)).</summary>
internal static unsafe partial class Libc
{
    public const int ENOSYS = 38;
    public const ulong RESOLVE_NO_MAGICLINKS = 2,
        RESOLVE_NO_SYMLINKS = 4,
        RESOLVE_BENEATH = 8;

    private const int SYS_openat2 = 437;

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>Opens a path relative to a directory; negative: failed, see
    /// <see cref="Errno"/>.</summary>
    public static int OpenBeneath(int directory, string path, int flags, ulong resolve)
    {
        var how = new OpenHow { Flags = (ulong)flags, Resolve = resolve };
        return (int)openat2(SYS_openat2, directory, path, &how, (nuint)sizeof(OpenHow));
    }

    [LibraryImport(
        "libc",
        EntryPoint = "syscall",
        SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial long openat2(
        long number,
        nint directory,
        string path,
        OpenHow* how,
        nuint size
    );
}
