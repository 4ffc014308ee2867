using JobCloud.Node.Executor.Processes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Network namespaces (network_namespaces(7)), identified by the kernel's link
/// text.</summary>
internal static class NetNamespace
{
    /// <summary>The executor's namespace.</summary>
    public static string Own { get; } = Libc.ReadLink("/proc/self/ns/net") ?? "";

    /// <summary>Returns a process's namespace; null: the process has ended, or belongs to another
    /// user (see <see cref="Libc.Errno"/>).</summary>
    public static string? Of(int pid) => Libc.ReadLink($"/proc/{pid}/ns/net");

    /// <summary>Opens the namespace that a process was seen in; null: the process has left it or
    /// ended.</summary>
    public static SafeFileHandle? Open(int pid, string identity)
    {
        var handle = Open($"/proc/{pid}/ns/net");
        if (
            !handle.IsInvalid
            && Libc.ReadLink($"/proc/self/fd/{handle.DangerousGetHandle()}") == identity
        )
            return handle;
        handle.Dispose();
        return null;
    }

    public static SafeFileHandle Open(string path) =>
        new(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), ownsHandle: true);
}
