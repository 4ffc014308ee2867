using System.Runtime.InteropServices;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>A system call that no job in a sandbox may make.</summary>
/// <param name="X64">Its number; on arm64, <paramref name="Arm64"/>, null: there is none.</param>
/// <param name="Error">The errno that it gets.</param>
public sealed record DeniedCall(string Name, int X64, int? Arm64, int Error)
{
    public int? On(Architecture architecture) =>
        architecture switch
        {
            Architecture.X64 => X64,
            Architecture.Arm64 => Arm64,
            _ => null,
        };
}

/// <summary>The system calls that are denied in a sandbox: those that reach what no namespace
/// separates (keys, tracing, modules, clocks), those that make namespaces and mounts, and those
/// that widen what a fault of the kernel can be used for. The default profile of Docker denies the
/// same to a container without capabilities.</summary>
public static class DeniedCalls
{
    /// <summary>EPERM.</summary>
    private const int Refused = 1;

    /// <summary>ENOSYS: programs then do without the call.</summary>
    public const int Unknown = 38;

    /// <summary>The call by which nsenter enters a sandbox. Without capabilities it does
    /// nothing.</summary>
    public const string Enter = "setns";

    public static IReadOnlyList<DeniedCall> All { get; } =
    [
        new("acct", 163, 89, Refused),
        new("add_key", 248, 217, Refused),
        new("bpf", 321, 280, Refused),
        new("clock_settime", 227, 112, Refused),
        new("create_module", 174, null, Refused),
        new("delete_module", 176, 106, Refused),
        new("fanotify_init", 300, 262, Refused),
        new("finit_module", 313, 273, Refused),
        new("fsconfig", 431, 431, Refused),
        new("fsmount", 432, 432, Refused),
        new("fsopen", 430, 430, Refused),
        new("fspick", 433, 433, Refused),
        new("get_kernel_syms", 177, null, Refused),
        new("init_module", 175, 105, Refused),
        new("ioperm", 173, null, Refused),
        new("iopl", 172, null, Refused),
        new("kexec_file_load", 320, 294, Refused),
        new("kexec_load", 246, 104, Refused),
        new("keyctl", 250, 219, Refused),
        new("lookup_dcookie", 212, 18, Refused),
        new("mount", 165, 40, Refused),
        new("mount_setattr", 442, 442, Refused),
        new("move_mount", 429, 429, Refused),
        new("nfsservctl", 180, 42, Refused),
        new("open_by_handle_at", 304, 265, Refused),
        new("open_tree", 428, 428, Refused),
        new("open_tree_attr", 467, 467, Refused),
        new("perf_event_open", 298, 241, Refused),
        new("pivot_root", 155, 41, Refused),
        new("query_module", 178, null, Refused),
        new("quotactl", 179, 60, Refused),
        new("quotactl_fd", 443, 443, Refused),
        new("reboot", 169, 142, Refused),
        new("request_key", 249, 218, Refused),
        new(Enter, 308, 268, Refused),
        new("settimeofday", 164, 170, Refused),
        new("swapoff", 168, 225, Refused),
        new("swapon", 167, 224, Refused),
        new("_sysctl", 156, null, Refused),
        new("sysfs", 139, null, Refused),
        new("syslog", 103, 116, Refused),
        new("umount2", 166, 39, Refused),
        new("unshare", 272, 97, Refused),
        new("uselib", 134, null, Refused),
        new("userfaultfd", 323, 282, Refused),
        new("ustat", 136, null, Refused),
        new("vhangup", 153, 58, Refused),
        new("io_uring_setup", 425, 425, Unknown),
        new("io_uring_enter", 426, 426, Unknown),
        new("io_uring_register", 427, 427, Unknown),
        new("clone3", 435, 435, Unknown),
    ];
}
