using JobCloud.Node.Executor.Processes;
using Microsoft.Win32.SafeHandles;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Network namespaces (network_namespaces(7)), by the identity that the kernel
/// prints.</summary>
internal static class NetNamespace
{
    /// <summary>The executor's own.</summary>
    public static string Own { get; } = Libc.ReadLink("/proc/self/ns/net") ?? "";

    /// <summary>Null: the process has ended, or is another user's; <see cref="Libc.Errno"/> tells
    /// which.</summary>
    public static string? Of(int pid) => Libc.ReadLink($"/proc/{pid}/ns/net");

    /// <summary>Opens the one that a process was seen in; null: it is there no more.</summary>
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
