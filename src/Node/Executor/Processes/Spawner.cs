using System.Runtime.InteropServices;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Starts processes by posix_spawn(3): each in a session of its own, with default signals,
/// an empty signal mask and no descriptors but the first three, and that of a note. For one thread.</summary>
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

    public Spawned Spawn(in SpawnRequest request)
    {
        _text.Clear();
        _ = Libc.posix_spawn_file_actions_init(_actions);
        var output = OutputFlags | (request.KeepOutput ? 0 : Libc.O_TRUNC);
        var stdout = _text.Add(request.Stdout);
        AddOpen(0, _text.Add(request.Stdin), Libc.O_RDONLY);
        AddOpen(1, stdout, output);
        if (request.Stderr == request.Stdout)
            _ = Libc.posix_spawn_file_actions_adddup2(_actions, 1, 2);
        else
            AddOpen(2, _text.Add(request.Stderr), output);
        if (request.Note is { } note)
        {
            AddOpen(JobEntry.NoteFd, _text.Add(note), OutputFlags | Libc.O_TRUNC);
            _ = Libc.posix_spawn_file_actions_adddup2(_actions, JobEntry.NoteFd, Bubblewrap.InfoFd);
        }
        _ = Libc.posix_spawn_file_actions_addchdir_np(_actions, _text.Add(request.Directory));

        int pid;
        var first = Ticks.Now();
        var error = Libc.posix_spawn(
            &pid,
            _text.Add(request.Program),
            _actions,
            _attributes,
            Strings(request.Arguments),
            Strings(request.Environment)
        );
        _ = Libc.posix_spawn_file_actions_destroy(_actions);
        return new(error == 0 ? pid : 0, error, first, Ticks.Now());
    }

    public void Dispose()
    {
        NativeMemory.Free(_attributes);
        NativeMemory.Free(_actions);
        _text.Dispose();
    }

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
