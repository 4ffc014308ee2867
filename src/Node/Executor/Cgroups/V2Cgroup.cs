using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>A version 2 cgroup (kernel: admin-guide/cgroup-v2).</summary>
internal sealed class V2Cgroup(string folder, CgroupLimits limits) : JobCgroup(limits)
{
    private const string Sh = "/bin/sh";

    /// <summary>The shell joins the cgroup and then execs the program.</summary>
    private const string JoinAndRun = "echo 0 > \"$0\"/cgroup.procs && exec \"$@\"";

    private readonly Lock _gate = new();
    private readonly ControlFile _events = new($"{folder}/cgroup.events");
    private readonly ControlFile _kill = new($"{folder}/cgroup.kill");
    private readonly ControlFile _cpu = new($"{folder}/cpu.stat");
    private readonly ControlFile _memory = new($"{folder}/memory.current");
    private readonly ControlFile _memoryMax = new($"{folder}/memory.peak");
    private readonly ControlFile _memoryStat = new($"{folder}/memory.stat");
    private readonly ControlFile _memoryEvents = new($"{folder}/memory.events");
    private readonly ControlFile _swap = new($"{folder}/memory.swap.current");
    private readonly ControlFile _swapMax = new($"{folder}/memory.swap.peak");
    private readonly ControlFile _forkFailures = new($"{folder}/pids.events");
    private bool _removed;

    public override string Directory => folder;

    public override IReadOnlyList<string> Directories { get; } = [folder];

    public override bool IsEmpty => _events.Number("populated"u8) == 0;

    public override long OutOfMemoryKills
    {
        get
        {
            lock (_gate)
                return _memoryEvents.Number("oom_kill"u8);
        }
    }

    /// <summary>Creates the directory and sets the limits; returns 0 or an errno.</summary>
    public int Make()
    {
        if (CgroupFolder.MakeNew(folder) is var error and not 0)
            return error;
        if (Limits.MemoryBytes > 0)
        {
            _ = ControlFile.Write($"{folder}/memory.max", $"{Limits.MemoryBytes}");
            // Version 2 limits memory and swap separately; the sum must not exceed the job's limit.
            _ = ControlFile.Write($"{folder}/memory.swap.max", "0");
        }
        if (Limits.Processes > 0)
            _ = ControlFile.Write($"{folder}/pids.max", $"{Limits.Processes}");
        _ = ControlFile.Write($"{folder}/memory.oom.group", "1");
        if (Limits.Cores > 0)
            _ = ControlFile.Write($"{folder}/cpu.weight", $"{CpuWeight.WeightOf(Limits.Cores)}");
        if (Limits.QuotaUs > 0)
            _ = ControlFile.Write($"{folder}/cpu.max", $"{Limits.QuotaUs} {CgroupLimits.PeriodUs}");
        return 0;
    }

    public override (string Program, IReadOnlyList<string> Arguments)? PrepareSpawn(
        string program,
        IReadOnlyList<string> arguments,
        out int error
    )
    {
        // The shell would start anyway and report the error by an exit status that could also be
        // the job's.
        error = Libc.access(program, Libc.X_OK) == 0 ? 0 : Libc.Errno;
        return error == 0
            ? (Sh, ["sh", "-c", JoinAndRun, folder, program, .. arguments.Skip(1)])
            : null;
    }

    /// <summary>SIGKILL reaches all processes at once, even those that fork all the time.</summary>
    public override void Signal(int signal)
    {
        if (signal != Libc.SIGKILL || _kill.Write("1"u8) != 0)
            base.Signal(signal);
    }

    public override CgroupReading Read()
    {
        lock (_gate)
        {
            if (_removed)
                return default;
            Span<byte> text = stackalloc byte[512];
            var cpu = _cpu.Read(text);
            var (all, user, system) = (
                KeyedText.Number(cpu, "usage_usec"u8),
                KeyedText.Number(cpu, "user_usec"u8),
                KeyedText.Number(cpu, "system_usec"u8)
            );
            var events = _memoryEvents.Read(text);
            var memoryMax = _memoryMax.Number();
            // Kernels before 5.19 keep no peak.
            var isSmall = memoryMax is >= 0 and <= CgroupReading.SmallBytes;
            return new(
                all,
                user,
                system,
                _memory.Number(),
                memoryMax,
                KeyedText.Number(events, "max"u8),
                KeyedText.Number(events, "oom_kill"u8),
                _swap.Number(),
                _swapMax.Number(),
                HasTooManyProcesses(),
                isSmall ? 0 : _memoryStat.Number("inactive_file"u8)
            );
        }
    }

    /// <summary>Where the kernel does not count them, the processes are listed.</summary>
    private bool HasTooManyProcesses() =>
        Limits.Processes > 0
        && _forkFailures.Number("max"u8) switch
        {
            < 0 => Pids()?.Count > Limits.Processes,
            var failures => failures > 0,
        };

    /// <summary>Some kernels cannot reset the memory peak.</summary>
    public override bool TryClean(in CgroupReading last) => false;

    public override bool TryRemove()
    {
        lock (_gate)
        {
            _removed = true;
            ControlFile[] files =
            [
                _events,
                _kill,
                _cpu,
                _memory,
                _memoryMax,
                _memoryStat,
                _memoryEvents,
                _swap,
                _swapMax,
                _forkFailures,
            ];
            foreach (var file in files)
                file.Dispose();
        }
        return CgroupFolder.TryRemove(folder);
    }
}
