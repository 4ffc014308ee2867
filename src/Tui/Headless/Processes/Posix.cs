using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Tui.Headless.Processes;

/// <summary>System calls that .NET does not provide. Errors are numbers of errno(3).</summary>
internal static unsafe partial class Posix
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
    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int AtOnce = 0; // TCSANOW

    /// <summary>The size of struct termios: 60 bytes with glibc on Linux, and a reserve.</summary>
    private const int TerminalModeSize = 128;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ
    private const int OwnerOnly = 0x180; // 0600
    private const int NoWait = 1; // WNOHANG
    private const int NoSuchProcess = 3; // ESRCH

    // Larger than glibc's (336 and 80 bytes) and musl's.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;
    private const int SignalSetSize = 128;

    /// <summary>Keeps the numbers of standard streams that are closed from being given to files and
    /// sockets, which would then receive the output. What is written there still fails.</summary>
    public static void KeepStandardDescriptors()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            if (fcntl(descriptor, GetDescriptorFlags, 0) < 0)
                _ = open("/dev/null", OpenReadOnly);
    }

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
        using var environment = new StringArray(Environments());

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

    /// <summary>Replaces this process with another program; returns only on failure.</summary>
    public static void Exec(IReadOnlyList<string> argv)
    {
        using var arguments = new StringArray(argv);
        using var environment = new StringArray(Environments());
        execve(argv[0], arguments.Pointer, environment.Pointer);
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

    /// <summary>The columns of the terminal on a descriptor; 0 if it is not a terminal or reports
    /// no size. See TIOCGWINSZ(2const).</summary>
    public static int TerminalWidth(int descriptor) => TerminalSize(descriptor).Columns;

    /// <summary>The columns and rows of the terminal on a descriptor; 0 if it is not a terminal or
    /// reports no size.</summary>
    public static (int Columns, int Rows) TerminalSize(int descriptor)
    {
        // Rows, columns and two unused pixel counts.
        ushort* size = stackalloc ushort[4];
        return ioctl(descriptor, GetWindowSize, size) == 0 ? (size[1], size[0]) : default;
    }

    /// <summary>The mode of a terminal: struct termios(3). Null if the descriptor is not a
    /// terminal.</summary>
    public static byte[]? TerminalMode(int descriptor)
    {
        var mode = new byte[TerminalModeSize];
        fixed (byte* start = mode)
            return tcgetattr(descriptor, start) == 0 ? mode : null;
    }

    /// <summary>The mode with raw input: every key is passed on unchanged.</summary>
    public static byte[] RawOf(byte[] mode)
    {
        var raw = (byte[])mode.Clone();
        fixed (byte* start = raw)
            cfmakeraw(start);
        return raw;
    }

    /// <summary>Sets the mode at once, even while output is suspended. Errors are ignored, because
    /// the terminal may be gone.</summary>
    public static void SetTerminalMode(int descriptor, byte[] mode)
    {
        fixed (byte* start = mode)
            tcsetattr(descriptor, AtOnce, start);
    }

    /// <summary>Inherited descriptors, such as those of a test or a pipe, must not stay open in a
    /// daemon.</summary>
    private static void CloseAllOnExec()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            if (int.TryParse(Path.GetFileName(entry), out var descriptor) && descriptor > 2)
                fcntl(descriptor, SetDescriptorFlags, CloseOnExec);
    }

    private static List<string> Environments()
    {
        var list = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            list.Add($"{entry.Key}={entry.Value}");
        return list;
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    /// <summary>A NULL-terminated array of C strings.</summary>
    private sealed class StringArray : IDisposable
    {
        private readonly int _count;

        public StringArray(IReadOnlyList<string> strings)
        {
            _count = strings.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(strings[i] + '\0');
                Pointer[i] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
                bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
                NativeMemory.Free(Pointer[i]);
            NativeMemory.Free(Pointer);
        }
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

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execve(string path, byte** argv, byte** environment);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* mode);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte* mode);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* mode);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
#pragma warning restore IDE1006
}
