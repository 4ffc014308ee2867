using System.Runtime.InteropServices;
using JobCloud.Protocol.Sandboxes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Starts processes by posix_spawn(3), each in its own session, with default signals, an
/// empty signal mask and no descriptors except the first three and that of a note. Not
/// thread-safe.</summary>
internal sealed unsafe class Spawner : IDisposable
{
    private const int OutputFlags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND;
    private const uint OutputMode = 0x180; // 0600

    private readonly byte* _attributes = (byte*)NativeMemory.AllocZeroed(Libc.OpaqueBytes);
    private readonly byte* _actions = (byte*)NativeMemory.AllocZeroed(Libc.OpaqueBytes);
    private readonly NativeText _text = new();

    public Spawner()
    {
        var signals = stackalloc byte[Libc.OpaqueBytes];
        _ = Libc.posix_spawnattr_init(_attributes);
        _ = Libc.posix_spawnattr_setflags(
            _attributes,
            Libc.POSIX_SPAWN_SETSID | Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK
        );
        _ = Libc.sigfillset(signals);
        _ = Libc.posix_spawnattr_setsigdefault(_attributes, signals);
        _ = Libc.sigemptyset(signals);
        _ = Libc.posix_spawnattr_setsigmask(_attributes, signals);
    }

    public SpawnResult Spawn(in SpawnRequest request)
    {
        _text.Clear();
        _ = Libc.posix_spawn_file_actions_init(_actions);
        if (request.VariablesFd > 0)
            AddDuplicate(request.VariablesFd, AccountProgram.VariablesFd);
        if (request.FailureFd > 0)
            AddDuplicate(request.FailureFd, AccountProgram.FailureFd);
        if (request.Channels?.Terminal is { } terminal)
            AddTerminal(terminal);
        else
            AddFiles(request, request.Channels.GetValueOrDefault());
        if (request.Note is { } note)
            AddOpen(JobStartShell.NoteFd, _text.Add(note), OutputFlags | Libc.O_TRUNC);
        if (request.FilterFd > 0)
            AddOpen(
                SandboxShell.FilterFd,
                _text.Add(SpawnRequest.PathOf(request.FilterFd)),
                Libc.O_RDONLY
            );
        if (request.ArgumentsFd > 0)
            AddDuplicate(request.ArgumentsFd, SandboxShell.VariablesFd);
        if (request.EntryFd > 0)
            AddDuplicate(request.EntryFd, TerminalCommands.VariablesFd);
        if (request.DirectoryFd > 0)
            _ = Libc.posix_spawn_file_actions_addfchdir_np(_actions, request.DirectoryFd);
        else
            _ = Libc.posix_spawn_file_actions_addchdir_np(_actions, _text.Add(request.Directory));

        int pid;
        var first = Ticks.Now();
        int error;
        using (OomScore.Take(request.Share))
            error = Libc.posix_spawn(
                &pid,
                _text.Add(request.Program),
                _actions,
                _attributes,
                Strings(request.Arguments),
                Strings(request.Environment)
            );
        _ = Libc.posix_spawn_file_actions_destroy(_actions);
        if (error == 0)
            OpenFilesLimit.GiveBack(pid);
        return new(error == 0 ? pid : 0, error, first, Ticks.Now());
    }

    public void Dispose()
    {
        NativeMemory.Free(_attributes);
        NativeMemory.Free(_actions);
        _text.Dispose();
    }

    /// <summary>Opens the terminal. The first terminal that a session leader without one opens
    /// becomes its controlling terminal (credentials(7), tty_ioctl(4)).</summary>
    private void AddTerminal(string path)
    {
        AddOpen(0, _text.Add(path), Libc.O_RDWR);
        AddDuplicate(0, 1);
        AddDuplicate(0, 2);
    }

    private void AddFiles(in SpawnRequest request, in Channels channels)
    {
        var output = OutputFlags | (request.KeepOutput ? 0 : Libc.O_TRUNC);
        if (channels.Stdin > 0)
            AddDuplicate(channels.Stdin, 0);
        else
            AddOpen(0, _text.Add(request.Stdin), Libc.O_RDONLY);
        if (channels.Stdout > 0)
            AddDuplicate(channels.Stdout, 1);
        else
            AddOpen(1, _text.Add(request.Stdout), output);
        if (channels.Stderr > 0)
            AddDuplicate(channels.Stderr, 2);
        else if (request.Stderr == request.Stdout)
            AddDuplicate(1, 2);
        else
            AddOpen(2, _text.Add(request.Stderr), output);
    }

    private void AddDuplicate(int from, int to) =>
        Libc.posix_spawn_file_actions_adddup2(_actions, from, to);

    private void AddOpen(int fd, byte* path, int flags) =>
        Libc.posix_spawn_file_actions_addopen(_actions, fd, path, flags, OutputMode);

    private byte** Strings(IReadOnlyList<string> strings)
    {
        var array = _text.AddArray(strings.Count);
        for (var i = 0; i < strings.Count; i++)
            array[i] = _text.Add(strings[i]);
        return array;
    }
}
