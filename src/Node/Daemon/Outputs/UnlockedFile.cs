using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Opens files with open(2) alone: .NET would also lock them (flock(2)), but a job may
/// hold or need a lock on its own output. Follows no link and waits for no pipe in place of the
/// file.</summary>
internal static class UnlockedFile
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int FromHere = 1;

    /// <summary>O_NOFOLLOW differs between the architectures.</summary>
    private static readonly int NoFollow =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    private const int NoSuchFile = 2;

    /// <summary>Opens a file for reading; null if it does not exist.</summary>
    /// <exception cref="IOException">It exists but cannot be opened.</exception>
    public static SafeFileHandle? Open(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec | NonBlocking | NoFollow);
        if (descriptor >= 0)
            return Seekable(new SafeFileHandle(descriptor, ownsHandle: true), path);
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchFile
            ? null
            : throw new IOException($"{path}: {new Win32Exception(error).Message}");
    }

    private static SafeFileHandle Seekable(SafeFileHandle file, string path)
    {
        if (Seek(file, 0, FromHere) >= 0)
            return file;
        file.Dispose();
        throw new IOException($"{path}: not a regular file");
    }

    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long Seek(SafeFileHandle file, long offset, int from);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
