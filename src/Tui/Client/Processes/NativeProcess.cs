using System.Globalization;
using System.Runtime.InteropServices;

namespace JobCloud.Client.Processes;

/// <summary>Starts, finds and signals processes. Errors are numbers of errno(3).</summary>
internal static unsafe partial class NativeProcess
{
    public const int SignalQuit = 3;
    public const int SignalUser1 = 10;
    public const int SignalUser2 = 12;
    public const int SignalTerminate = 15;

    private const int OpenReadOnly = 0;
    private const int OpenAppend = 0x1 | 0x40 | 0x400; // O_WRONLY | O_CREAT | O_APPEND
    private const short SetSignalDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const short SetSignalMask = 0x08; // POSIX_SPAWN_SETSIGMASK
    private const short NewSession = 0x80; // POSIX_SPAWN_SETSID
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int OwnerOnly = 0x180; // 0600
    private const int NoWait = 1; // WNOHANG
    private const int NoSuchProcess = 3; // ESRCH

    // Larger than glibc's (336 and 80 bytes) and musl's.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;
    private const int SignalSetSize = 128;

    /// <summary>Starts a program in its own session and without the open files of this process, so
    /// that it outlives the terminal. Returns its pid.</summary>
    /// <param name="log">The file to which its stdout and stderr are appended.</param>
    /// <exception cref="IOException">It could not be started.</exception>
    public static int StartDetached(IReadOnlyList<string> argv, string directory, string log)
    {
        CloseAllOnExec();
        byte* attributes = stackalloc byte[AttributesSize];
        byte* actions = stackalloc byte[ActionsSize];
        byte* signals = stackalloc byte[SignalSetSize];
        using var arguments = new StringArray(argv);
        using var environment = new StringArray(StringArray.OfEnvironment());

        Check(posix_spawnattr_init(attributes));
        Check(posix_spawn_file_actions_init(actions));
        sigemptyset(signals);
        Check(posix_spawnattr_setsigmask(attributes, signals));
        sigfillset(signals);
        Check(posix_spawnattr_setsigdefault(attributes, signals));
        Check(posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask | NewSession));
        Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", OpenReadOnly, 0));
        Check(posix_spawn_file_actions_addopen(actions, 1, log, OpenAppend, OwnerOnly));
        Check(posix_spawn_file_actions_adddup2(actions, 1, 2));
        Check(posix_spawn_file_actions_addchdir_np(actions, directory));
        try
        {
            Check(
                posix_spawn(
                    out var pid,
                    argv[0],
                    actions,
                    attributes,
                    arguments.Pointer,
                    environment.Pointer
                )
            );
            return pid;
        }
        finally
        {
            posix_spawn_file_actions_destroy(actions);
            posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>Sends a signal; returns false if the process does not exist.</summary>
    public static bool Signal(int pid, int signal) =>
        kill(pid, signal) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    /// <summary>True if the process handles a signal that would otherwise terminate it:
    /// proc_pid_status(5).</summary>
    public static bool HandlesSignal(int pid, int signal)
    {
        const string Caught = "SigCgt:";
        try
        {
            var lines = File.ReadAllLines($"/proc/{pid}/status");
            var line = Array.Find(lines, l => l.StartsWith(Caught, StringComparison.Ordinal));
            var mask = ulong.Parse(
                line.AsSpan(Caught.Length).Trim(),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
            return ((mask >> (signal - 1)) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>True if the process is running; a zombie is not.</summary>
    public static bool IsAlive(int pid)
    {
        waitpid(pid, null, NoWait);
        try
        {
            // The state follows the name, which is in parentheses: proc_pid_stat(5).
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Inherited descriptors, such as those of a test or a pipe, must not stay open in a
    /// daemon.</summary>
    private static void CloseAllOnExec()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            if (int.TryParse(Path.GetFileName(entry), out var descriptor) && descriptor > 2)
                fcntl(descriptor, SetDescriptorFlags, CloseOnExec);
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

#pragma warning disable IDE1006 // The names are those of the C library.
    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(
        byte* actions,
        int descriptor,
        string path,
        int flags,
        int mode
    );

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(
        out int pid,
        string path,
        byte* actions,
        byte* attributes,
        byte** argv,
        byte** environment
    );

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);
#pragma warning restore IDE1006
}
