using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>
/// Opens files by open(2) alone: .NET would take a lock (flock(2)) as well, and a job may hold one
/// on its own output, or want one.
/// </summary>
internal static class PlainFile
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int NoSuchFile = 2;

    /// <summary>For reading; null: there is no such file.</summary>
    /// <exception cref="IOException">It is there, and cannot be opened.</exception>
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
