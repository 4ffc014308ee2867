using System.Diagnostics;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>Version 2 without controllers: membership, killing, emptiness and CPU time are there
/// all the same. Where its tree cannot be written, that refusal is what is seen.</summary>
public sealed class V2CgroupTests : IDisposable
{
    private static readonly string? Root = new CgroupView(
        File.ReadAllText("/proc/self/mountinfo"),
        File.ReadAllText("/proc/self/cgroup")
    ).V2Root;

    private readonly string _name = CgroupFolder.NameFor($"{Guid.NewGuid()}");
    private readonly V2Tree? _tree;
    private readonly string _why = "";

    public V2CgroupTests() =>
        _tree = Root is null ? null : V2Tree.TryCreate(Root, _name, [], out _why);

    public void Dispose()
    {
        CgroupSweep.Run(_tree?.Parents ?? [], 5_000);
        _tree?.TryRemove();
        _tree?.Dispose();
    }

    [Fact]
    public async Task All_processes_join_before_they_run_and_die_at_once()
    {
        if (IsRefused())
            return;
        var cgroup = Make("1");
        Assert.True(cgroup.IsEmpty);

        using var shell = Start(cgroup, "/bin/sh", "sh", "-c", "setsid sleep 91 & sleep 91; :");
        await Eventually.HoldsAsync(() => cgroup.Pids().Count == 3, "the shell and two sleeps");
        Assert.False(cgroup.IsEmpty);
        Assert.Contains(shell.Id, cgroup.Pids());

        cgroup.Signal(Libc.SIGKILL);

        await shell.WaitForExitAsync();
        await Eventually.HoldsAsync(() => cgroup.IsEmpty, "nothing is left");
        Assert.Equal(128 + Libc.SIGKILL, shell.ExitCode);
    }

    [Fact]
    public async Task A_milder_signal_reaches_all_too()
    {
        if (IsRefused())
            return;
        var cgroup = Make("1");
        using var shell = Start(cgroup, "/bin/sh", "sh", "-c", "setsid sleep 92 & sleep 92; :");
        await Eventually.HoldsAsync(() => cgroup.Pids().Count == 3, "the shell and two sleeps");

        cgroup.Signal(Libc.SIGTERM);

        await Eventually.HoldsAsync(() => cgroup.IsEmpty, "nothing is left");
    }

    [Fact]
    public async Task Cpu_time_is_counted_and_what_has_no_controller_is_not()
    {
        if (IsRefused())
            return;
        var cgroup = Make("1");
        using var shell = Start(
            cgroup,
            "/bin/sh",
            "sh",
            "-c",
            "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"
        );
        await shell.WaitForExitAsync();

        var reading = cgroup.Read();

        Assert.InRange(reading.CpuUs, 5_000, 10_000_000);
        Assert.InRange(reading.UserUs + reading.SystemUs, reading.CpuUs - 2, reading.CpuUs + 2);
        Assert.Equal((-1, -1), (reading.MemoryBytes, reading.MemoryMaxBytes));
        Assert.Equal((-1, -1), (reading.MemoryFailures, reading.OutOfMemoryKills));
        Assert.Equal((-1, -1), (reading.SwapBytes, reading.SwapMaxBytes));
    }

    [Fact]
    public async Task An_empty_one_can_be_removed_with_what_was_made_below_it()
    {
        if (IsRefused())
            return;
        var cgroup = Make("1");
        var below = $"{cgroup.Directory}/below";
        using var shell = Start(
            cgroup,
            "/bin/sh",
            "sh",
            "-c",
            $"mkdir {below}; echo 0 > {below}/cgroup.procs; exec sleep 93"
        );
        await Eventually.HoldsAsync(
            () => CgroupFolder.Pids(below).Count == 1 && !cgroup.IsEmpty,
            "it went below"
        );
        Assert.False(cgroup.TryRemove());

        CgroupSweep.Run(_tree!.Parents, 5_000);

        Assert.False(Directory.Exists(cgroup.Directory));
    }

    [Fact]
    public void A_name_that_is_taken_is_not_joined()
    {
        if (IsRefused())
            return;
        Make("1");

        Assert.Null(_tree!.Make("1", default, out var error));
        Assert.Equal(Libc.EEXIST, error);
    }

    [Fact]
    public void A_controller_that_is_not_there_is_named()
    {
        if (Root is null)
            return;
        Assert.Null(V2Tree.TryCreate(Root, _name, ["memory", "none"], out var why));
        Assert.Contains("none", why);
    }

    [Fact]
    public async Task Controllers_are_handed_on_unless_other_processes_are_in_the_way()
    {
        if (IsRefused() || Offered() is not { } controller)
            return;
        var handsOn = $"{Root}/cgroup.subtree_control";
        var before = await File.ReadAllTextAsync(handsOn);
        using var tree = V2Tree.TryCreate(Root!, $"{_name}-c", [controller], out var why);
        Assert.True(tree is not null, why);

        Assert.NotNull(tree.Make("1", default, out _));
        var made = $"{tree.Parents[0]}/1";
        Assert.Equal([controller], await File.ReadAllLinesAsync($"{made}/cgroup.controllers"));

        using var stranger = Process.Start("sleep", "95");
        await File.WriteAllTextAsync($"{made}/cgroup.procs", $"{stranger.Id}");
        Assert.Null(V2Tree.TryCreate(made, _name, [controller], out why));
        Assert.Contains($"other processes are in {made}", why);

        stranger.Kill();
        await stranger.WaitForExitAsync();
        await Eventually.HoldsAsync(() => tree.TryRemove(), "all of it is gone");
        if (!before.Contains(controller))
            await File.WriteAllTextAsync(handsOn, $"-{controller}");
    }

    /// <summary>A controller that the root has; null: version 1 has them all.</summary>
    private static string? Offered() =>
        File.ReadAllText($"{Root}/cgroup.controllers").Split().FirstOrDefault(c => c.Length > 0);

    private bool IsRefused()
    {
        Assert.True(_tree is not null || Root is null || _why.Contains(Root), _why);
        return _tree is null;
    }

    private JobCgroup Make(string name)
    {
        var made = _tree!.Make(name, new(0, 0), out var error);
        Assert.True(made is not null, $"error {error}");
        return made;
    }

    [Theory]
    [InlineData("/nowhere/program", Libc.ENOENT)]
    [InlineData("/etc/hostname/program", Libc.ENOTDIR)]
    [InlineData("/proc/self/status", Libc.EACCES)]
    public void What_cannot_be_run_is_told_before_the_shell_that_joins(string program, int error)
    {
        var cgroup = new V2Cgroup("/nowhere", new CgroupLimits());

        Assert.Null(cgroup.Admit(program, [program], out var told));
        Assert.Equal(error, told);
    }

    private static Process Start(JobCgroup cgroup, string program, params string[] arguments)
    {
        var admitted = cgroup.Admit(program, arguments, out _)!.Value;
        return Process.Start(admitted.Program, admitted.Arguments.Skip(1));
    }
}
