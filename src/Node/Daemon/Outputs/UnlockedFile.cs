using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Opens files with open(2) alone: .NET would also lock them (flock(2)), but a job may
/// hold or need a lock on its own output.</summary>
internal static class UnlockedFile
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int NoSuchFile = 2;

    /// <summary>Opens a file for reading; null if it does not exist.</summary>
    /// <exception cref="IOException">It exists but cannot be opened.</exception>
    public static SafeFileHandle? Open(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchFile
            ? null
            : throw new IOException($"{path}: {new Win32Exception(error).Message}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
