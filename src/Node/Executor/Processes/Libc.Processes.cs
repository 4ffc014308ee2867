using System.Runtime.InteropServices;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Starting, signalling, reaping and prioritising processes.</summary>
internal static unsafe partial class Libc
{
    public const int SIGHUP = 1,
        SIGINT = 2,
        SIGKILL = 9,
        SIGUSR1 = 10,
        SIGUSR2 = 12,
        SIGTERM = 15;
    public const int SIGCHLD = 17,
        SIGCONT = 18;
    public const int WNOHANG = 1;
    public const int P_ALL = 0,
        WEXITED = 4,
        WNOWAIT = 0x0100_0000;
    public const int PR_SET_CHILD_SUBREAPER = 36,
        PR_SET_NO_NEW_PRIVS = 38,
        PR_SET_SECCOMP = 22;
    public const int SECCOMP_MODE_FILTER = 2;
    public const int PRIO_PROCESS = 0,
        PRIO_PGRP = 1;

    public const short POSIX_SPAWN_SETSIGDEF = 4,
        POSIX_SPAWN_SETSIGMASK = 8;
    public const short POSIX_SPAWN_SETSID = 0x80;

    /// <summary>The size of a buffer for posix_spawnattr_t, posix_spawn_file_actions_t or
    /// sigset_t.</summary>
    public const int OpaqueBytes = 512;

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    public struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long MaxResidentKilobytes;
    }

    /// <summary><c>struct sock_fprog</c>: a filter of system calls.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        public ushort Count;
        public byte* Start;
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct SignalInfo
    {
        [FieldOffset(16)]
        public int Pid;
    }

    /// <summary>Restores what a program expects at its start: default actions for the signals that
    /// the runtime ignores, and an empty mask.</summary>
    public static void ResetSignals()
    {
        const int SIGPIPE = 13,
            SIG_SETMASK = 2;
        ResetSignal(SIGPIPE);
        var none = stackalloc byte[OpaqueBytes];
        _ = sigemptyset(none);
        _ = sigprocmask(SIG_SETMASK, none, null);
    }

    /// <summary>Restores the default action of a signal.</summary>
    public static void ResetSignal(int number) => signal(number, 0);

    /// <summary>Gives the calling thread real-time priority (sched(7)) or, without permission, the
    /// best nice value.</summary>
    public static void RaisePriority()
    {
        const int Fifo = 1,
            BestNice = -20;
        var priority = 1;
        if (sched_setscheduler(0, Fifo, &priority) != 0)
            _ = setpriority(PRIO_PROCESS, 0, BestNice);
    }

    [LibraryImport("libc")]
    private static partial int sigprocmask(int how, byte* signals, byte* before);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    public static partial int getpid();

    [LibraryImport("libc")]
    public static partial int getsid(int pid);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int kind, int id, SignalInfo* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int wait4(int pid, int* status, int options, ResourceUsage* usage);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc")]
    public static partial int getpriority(int which, int who);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setpriority(int which, int who, int priority);

    [LibraryImport("libc")]
    public static partial int posix_spawn(
        int* pid,
        byte* path,
        byte* actions,
        byte* attributes,
        byte** arguments,
        byte** environment
    );

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addopen(
        byte* actions,
        int fd,
        byte* path,
        int flags,
        uint mode
    );

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addchdir_np(byte* actions, byte* path);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addfchdir_np(byte* actions, int fd);

    [LibraryImport("libc")]
    public static partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    public static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sched_setscheduler(int thread, int policy, int* priority);
}
