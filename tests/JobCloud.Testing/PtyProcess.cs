using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Testing;

/// <summary>A program in a pseudo-terminal, driven like by a user: the test types keys and reads
/// the screen.</summary>
public sealed partial class PtyProcess : IDisposable
{
    private const int ReadWrite = 2; // O_RDWR
    private const int NoControl = 0x100; // O_NOCTTY
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const short NewSession = 0x80; // POSIX_SPAWN_SETSID
    private const short DefaultSignals = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const nuint SetSize = 0x5414; // TIOCSWINSZ
    private const int NoWait = 1; // WNOHANG
    private const int SeeMs = 10_000;
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(5);
    private const int LocalModes = 12; // of struct termios: c_lflag
    private const uint Canonical = 2; // ICANON

    private readonly object _gate = new();
    private readonly StringBuilder _screen = new();
    private readonly int _master;
    private readonly Thread _reader;
    private int? _exitCode;
    private long _written;

    private PtyProcess(int master, int pid)
    {
        (_master, Pid) = (master, pid);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public int Pid { get; }

    /// <summary>The number of bytes written so far.</summary>
    public long Written
    {
        get
        {
            lock (_gate)
                return _written;
        }
    }

    /// <summary>All output so far.</summary>
    public string Screen
    {
        get
        {
            lock (_gate)
                return _screen.ToString();
        }
    }

    /// <summary>Whether the terminal reads lines, as shells set it, and not single keys.</summary>
    public unsafe bool ReadsLines
    {
        get
        {
            byte* mode = stackalloc byte[128];
            return tcgetattr(_master, mode) == 0 && (*(uint*)(mode + LocalModes) & Canonical) != 0;
        }
    }

    public static unsafe PtyProcess Start(
        IReadOnlyList<string> argv,
        IEnumerable<KeyValuePair<string, string>> environment,
        int columns = 80,
        int rows = 24
    )
    {
        var master = posix_openpt(ReadWrite | NoControl | CloseOnExec);
        byte* name = stackalloc byte[128];
        if (
            master < 0
            || grantpt(master) != 0
            || unlockpt(master) != 0
            || ptsname_r(master, name, 128) != 0
        )
            throw new IOException("Cannot allocate a pseudo-terminal.");
        SizeOf(master, columns, rows);
        byte* actions = stackalloc byte[80];
        byte* attributes = stackalloc byte[336];
        posix_spawn_file_actions_init(actions);
        posix_spawnattr_init(attributes);
        // The first terminal that a session leader opens becomes its controlling terminal.
        posix_spawnattr_setflags(attributes, NewSession | DefaultSignals);
        // As in any terminal, even if these tests run under nohup(1), which ignores SIGHUP.
        byte* signals = stackalloc byte[128];
        sigfillset(signals);
        posix_spawnattr_setsigdefault(attributes, signals);
        posix_spawn_file_actions_addopen(actions, 0, name, ReadWrite, 0);
        posix_spawn_file_actions_adddup2(actions, 0, 1);
        posix_spawn_file_actions_adddup2(actions, 0, 2);
        var pid = Spawn(argv, environment, actions, attributes);
        posix_spawn_file_actions_destroy(actions);
        posix_spawnattr_destroy(attributes);
        return new PtyProcess(master, pid);
    }

    public unsafe void Type(string keys)
    {
        foreach (var piece in Encoding.UTF8.GetBytes(keys).Chunk(512))
            fixed (byte* start = piece)
                write(_master, start, piece.Length);
    }

    /// <summary>Types keys and returns after new output.</summary>
    public void TypeAndWait(string keys) => DoAndWait(() => Type(keys), "");

    /// <summary>Performs an action and returns after new output that contains a text; empty: any
    /// output.</summary>
    public void DoAndWait(Action something, string text)
    {
        lock (_gate)
        {
            var before = _screen.Length;
            var limit = Environment.TickCount64 + SeeMs;
            something();
            while (_screen.Length == before || !ShowedSince(before, text))
                if (
                    limit - Environment.TickCount64 is var left
                    && (left <= 0 || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left)))
                )
                    throw new TimeoutException(
                        $"no '{text}' within 10 s in the new output: {_screen.ToString(before, _screen.Length - before)}"
                    );
        }
    }

    private bool ShowedSince(int place, string text) =>
        _screen.ToString(place, _screen.Length - place).Contains(text, StringComparison.Ordinal);

    public void Resize(int columns, int rows) => SizeOf(_master, columns, rows);

    /// <summary>Returns when the screen has shown <paramref name="text"/>.</summary>
    public Task ShowsAsync(string text) =>
        Eventually.HoldsAsync(
            () => Screen.Contains(text, StringComparison.Ordinal),
            $"the screen shows {text}; it shows: {Screen}"
        );

    /// <summary>Waits for its end and for its last output; returns the exit code, or 128 +
    /// signal.</summary>
    public async Task<int> ExitAsync()
    {
        await Eventually.HoldsAsync(() => HasEnded(), "the program ends");
        // Reading ends when the last program closes the terminal; a background child may keep it.
        await Task.Run(() => _reader.Join(LastOutput));
        return _exitCode!.Value;
    }

    public void Dispose()
    {
        if (!HasEnded())
        {
            kill(Pid, 9);
            waitpid(Pid, out _, 0);
        }
        close(_master);
    }

    private bool HasEnded()
    {
        if (_exitCode is null && waitpid(Pid, out var status, NoWait) == Pid)
            _exitCode = (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
        return _exitCode is not null;
    }

    private unsafe void Read()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        byte* buffer = stackalloc byte[4096];
        var characters = new char[4096];
        // EIO: the other end is closed (pty(7)).
        for (nint count; (count = read(_master, buffer, 4096)) > 0; )
        {
            var some = decoder.GetChars(
                new ReadOnlySpan<byte>(buffer, (int)count),
                characters,
                false
            );
            lock (_gate)
            {
                _written += count;
                _screen.Append(characters, 0, some);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private static unsafe void SizeOf(int terminal, int columns, int rows)
    {
        ushort* size = stackalloc ushort[4];
        (size[0], size[1]) = ((ushort)rows, (ushort)columns);
        ioctl(terminal, SetSize, size);
    }

    private static unsafe int Spawn(
        IReadOnlyList<string> argv,
        IEnumerable<KeyValuePair<string, string>> environment,
        byte* actions,
        byte* attributes
    )
    {
        var words = argv.Select(Marshal.StringToCoTaskMemUTF8).Append(0).ToArray();
        var variables = environment
            .Select(pair => Marshal.StringToCoTaskMemUTF8($"{pair.Key}={pair.Value}"))
            .Append(0)
            .ToArray();
        try
        {
            fixed (nint* arguments = words)
            fixed (nint* names = variables)
                return posix_spawn(out var pid, argv[0], actions, attributes, arguments, names) == 0
                    ? pid
                    : throw new IOException($"Cannot start {argv[0]}.");
        }
        finally
        {
            foreach (var text in words.Concat(variables))
                Marshal.FreeCoTaskMem(text);
        }
    }

#pragma warning disable IDE1006 // The names are those of the C library.
    [LibraryImport("libc")]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc")]
    private static partial int grantpt(int master);

    [LibraryImport("libc")]
    private static partial int unlockpt(int master);

    [LibraryImport("libc")]
    private static unsafe partial int ptsname_r(int master, byte* name, nuint size);

    [LibraryImport("libc")]
    private static unsafe partial int tcgetattr(int terminal, byte* mode);

    [LibraryImport("libc")]
    private static unsafe partial int ioctl(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc")]
    private static unsafe partial nint read(int descriptor, byte* buffer, nint size);

    [LibraryImport("libc")]
    private static unsafe partial nint write(int descriptor, byte* buffer, nint size);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, out int status, int options);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawnattr_setsigdefault(
        byte* attributes,
        byte* signals
    );

    [LibraryImport("libc")]
    private static unsafe partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_addopen(
        byte* actions,
        int descriptor,
        byte* path,
        int flags,
        int mode
    );

    [LibraryImport("libc")]
    private static unsafe partial int posix_spawn_file_actions_adddup2(
        byte* actions,
        int from,
        int to
    );

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int posix_spawn(
        out int pid,
        string path,
        byte* actions,
        byte* attributes,
        nint* argv,
        nint* environment
    );
#pragma warning restore IDE1006
}
