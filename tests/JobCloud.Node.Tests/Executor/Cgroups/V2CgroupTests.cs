using System.Diagnostics;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>Version 2 without controllers, which still provides membership, killing, emptiness and
/// CPU time. Where this user cannot write to the hierarchy, the tests check the error.</summary>
public sealed class V2CgroupTests : IDisposable
{
    private static readonly string? Root = new CgroupView(
        File.ReadAllText("/proc/self/mountinfo"),
        File.ReadAllText("/proc/self/cgroup")
    ).V2Root;

    private readonly string _name = CgroupFolder.NameFor($"{Guid.NewGuid()}");
    private readonly V2Tree? _tree;
    private readonly string _reason = "";

    public V2CgroupTests() =>
        _tree = Root is null ? null : V2Tree.TryCreate(Root, _name, [], out _reason);

    public void Dispose()
    {
        CgroupSweep.Run(_tree?.Parents ?? [], 5_000);
        _tree?.TryRemove();
        _tree?.Dispose();
    }

    [Fact]
    public async Task All_processes_join_before_they_run_and_are_killed_at_once()
    {
        if (IsRefused())
            return;
        var cgroup = Make("1");
        Assert.True(cgroup.IsEmpty);

        using var shell = Start(cgroup, "/bin/sh", "sh", "-c", "setsid sleep 91 & sleep 91; :");
        await Eventually.HoldsAsync(
            () => cgroup.Pids()!.Count == 3,
            "the shell and both children joined"
        );
        Assert.False(cgroup.IsEmpty);
        Assert.Contains(shell.Id, cgroup.Pids()!);

        cgroup.Signal(Libc.SIGKILL);

        await shell.WaitForExitAsync();
        await Eventually.HoldsAsync(() => cgroup.IsEmpty, "the cgroup is empty");
        Assert.Equal(128 + Libc.SIGKILL, shell.ExitCode);
    }

    [Fact]
    public async Task SIGTERM_reaches_all_processes()
    {
        if (IsRefused())
            return;
        var cgroup = Make("1");
        using var shell = Start(cgroup, "/bin/sh", "sh", "-c", "setsid sleep 92 & sleep 92; :");
        await Eventually.HoldsAsync(
            () => cgroup.Pids()!.Count == 3,
            "the shell and both children joined"
        );

        cgroup.Signal(Libc.SIGTERM);

        await Eventually.HoldsAsync(() => cgroup.IsEmpty, "the cgroup is empty");
    }

    [Fact]
    public async Task Cpu_time_is_counted_without_controllers()
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
    public async Task An_empty_cgroup_is_removed_with_its_children()
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
            () => CgroupFolder.Pids(below)!.Count == 1 && !cgroup.IsEmpty,
            "the process moved below"
        );
        Assert.False(cgroup.TryRemove());

        CgroupSweep.Run(_tree!.Parents, 5_000);

        Assert.False(Directory.Exists(cgroup.Directory));
    }

    [Fact]
    public void An_existing_cgroup_is_not_joined()
    {
        if (IsRefused())
            return;
        Make("1");

        Assert.Null(_tree!.Make("1", default, out var error));
        Assert.Equal(Libc.EEXIST, error);
    }

    [Fact]
    public void A_missing_controller_is_named()
    {
        if (Root is null)
            return;
        Assert.Null(V2Tree.TryCreate(Root, _name, ["memory", "none"], out var reason));
        Assert.Contains("none", reason);
    }

    [Fact]
    public async Task Controllers_are_delegated_unless_other_processes_are_in_the_cgroup()
    {
        if (IsRefused() || AvailableController() is not { } controller)
            return;
        var subtreeControl = $"{Root}/cgroup.subtree_control";
        var before = await File.ReadAllTextAsync(subtreeControl);
        using var tree = V2Tree.TryCreate(Root!, $"{_name}-c", [controller], out var reason);
        Assert.True(tree is not null, reason);

        Assert.NotNull(tree.Make("1", default, out _));
        var made = $"{tree.Parents[0]}/1";
        Assert.Equal([controller], await File.ReadAllLinesAsync($"{made}/cgroup.controllers"));

        // Children of this process do not count as others.
        using var shell = Process.Start(
            new ProcessStartInfo("sh", ["-c", "sleep 95 >/dev/null 2>&1 & echo $!"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        var foreignPid = int.Parse(await shell.StandardOutput.ReadToEndAsync());
        await shell.WaitForExitAsync();
        await File.WriteAllTextAsync($"{made}/cgroup.procs", $"{foreignPid}");
        Assert.Null(V2Tree.TryCreate(made, _name, [controller], out reason));
        Assert.Contains($"other processes are in {made}", reason);

        _ = Libc.kill(foreignPid, Libc.SIGKILL);
        await Eventually.HoldsAsync(() => tree.TryRemove(), "the cgroups were removed");
        if (!before.Contains(controller))
            await File.WriteAllTextAsync(subtreeControl, $"-{controller}");
    }

    /// <summary>A controller available in the root; null: version 1 has them all.</summary>
    private static string? AvailableController() =>
        File.ReadAllText($"{Root}/cgroup.controllers").Split().FirstOrDefault(c => c.Length > 0);

    private bool IsRefused()
    {
        Assert.True(_tree is not null || Root is null || _reason.Contains(Root), _reason);
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
    public void A_program_that_cannot_run_is_reported_before_the_joining_shell_starts(
        string program,
        int error
    )
    {
        var cgroup = new V2Cgroup("/nowhere", new CgroupLimits());

        Assert.Null(cgroup.PrepareSpawn(program, [program], out var reported));
        Assert.Equal(error, reported);
    }

    private static Process Start(JobCgroup cgroup, string program, params string[] arguments)
    {
        var admitted = cgroup.PrepareSpawn(program, arguments, out _)!.Value;
        return Process.Start(admitted.Program, admitted.Arguments.Skip(1));
    }
}
