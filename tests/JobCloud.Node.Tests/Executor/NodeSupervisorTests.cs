using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Records;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Tests with a script instead of jobcloud-node.</summary>
[SupportedOSPlatform("linux")]
public sealed class NodeSupervisorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jp");
    private readonly HomePaths _home;

    public NodeSupervisorTests() => _home = new(Directory.CreateTempSubdirectory("jx").FullName);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        Directory.Delete(_home.Home, recursive: true);
    }

    [Fact]
    public async Task The_node_is_started_with_its_arguments_and_logged()
    {
        using var executor = Start("echo args: $*; exec sleep 60", "--node-arg", "--cores=3");

        await LoggedAsync(_home.NodeLog, $"args: --home {_home.Home} --cores=3");

        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task The_kernel_prefers_a_job_to_the_node_and_the_node_to_its_executor()
    {
        using var executor = Start("echo value $(cat /proc/$$/oom_score_adj); exec sleep 60");
        await LoggedAsync(_home.NodeLog, "value ");
        var log = await File.ReadAllTextAsync(_home.NodeLog);
        // An executor that cannot lower its own value raises that of jobs; while it starts one, it
        // has the job's value itself.
        await Eventually.HoldsAsync(
            () =>
                File.ReadAllText($"/proc/{executor.Id}/oom_score_adj").Trim() is var own
                && log.Contains($"value {(own == "-900" ? "-500" : own)}\n"),
            "the executor has its own value"
        );
        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task A_node_that_dies_is_restarted()
    {
        using var executor = Start(
            "echo lives; [ $(grep -c lives $2/log/node.log) = 3 ] && exec sleep 60; kill -9 $$"
        );

        await Eventually.HoldsAsync(
            () => File.Exists(_home.NodeLog) && File.ReadAllLines(_home.NodeLog).Length == 3,
            "the node started a third time"
        );

        await EndAsync(executor, 0);
        Assert.Contains("was killed by signal 9", await File.ReadAllTextAsync(_home.ExecutorLog));
    }

    [Fact]
    public async Task Only_the_node_can_use_the_sockets_of_its_executor()
    {
        using var executor = Start("echo lives; exec sleep 60");
        await LoggedAsync(_home.NodeLog, "lives");

        foreach (var path in new[] { _home.ExecutorSocket, _home.TerminalSocket })
        {
            using var socket = new Socket(
                AddressFamily.Unix,
                SocketType.Stream,
                ProtocolType.Unspecified
            );
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        }

        await EndAsync(executor, 0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_node_that_refuses_to_run_is_not_restarted(int code)
    {
        using var executor = Start($"echo no; exit {code}");

        await executor.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(code, executor.ExitCode);
        Assert.Equal("no\n", await File.ReadAllTextAsync(_home.NodeLog));
    }

    [Fact]
    public async Task A_node_that_refuses_to_run_is_restarted_if_a_node_has_run_in_its_home()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_home.ExecutorLimits)!);
        await File.WriteAllBytesAsync(_home.ExecutorLimits, []);
        using var executor = Start(
            "echo lives; [ $(grep -c lives $2/log/node.log) = 2 ] && exec sleep 60; exit 3"
        );

        await LoggedAsync(_home.NodeLog, "lives\nlives");

        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task A_node_that_needs_repair_is_not_restarted_even_if_a_node_has_run()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_home.ExecutorLimits)!);
        await File.WriteAllBytesAsync(_home.ExecutorLimits, []);
        using var executor = Start("echo no; exit 4");

        await executor.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(4, executor.ExitCode);
        Assert.Equal("no\n", await File.ReadAllTextAsync(_home.NodeLog));
    }

    [Fact]
    public async Task An_executor_refuses_a_home_that_others_can_change()
    {
        File.SetUnixFileMode(_home.Home, (UnixFileMode)0x1ff);
        using var executor = Start("exit 0");

        await executor.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(4, executor.ExitCode);
        Assert.Equal(
            $"jobcloud-executor: others can change {_home.Home} (mode 777): run chmod go-w "
                + $"{_home.Home}.\n",
            await executor.StandardError.ReadToEndAsync()
        );
    }

    [Fact]
    public async Task Signals_stop_and_start_only_the_node()
    {
        using var executor = Start(
            "echo lives; trap 'echo stopped; exit 0' TERM; while :; do sleep 0.01; done"
        );
        await LoggedAsync(_home.NodeLog, "lives");

        Signal(executor, "USR1");
        await LoggedAsync(_home.NodeLog, "lives\nstopped");
        await LoggedAsync(_home.ExecutorLog, "exited with status 0");
        Assert.False(executor.HasExited);

        Signal(executor, "USR2");
        await LoggedAsync(_home.NodeLog, "lives\nstopped\nlives");
        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task A_node_whose_socket_was_removed_is_restarted()
    {
        using var executor = Start(
            "echo lives; : > $2/run/jobcloud.sock; trap 'exit 0' TERM; while :; do sleep 0.01; done"
        );
        await LoggedAsync(_home.NodeLog, "lives");
        await Eventually.HoldsAsync(
            () => File.ReadAllText(_home.ExecutorLog).Contains($"serves {_home.GatewaySocket}"),
            "the executor has seen the socket"
        );

        HomeWatchTests.Remove(_home.Run);

        await LoggedAsync(_home.NodeLog, "lives\nlives");
        await Eventually.HoldsAsync(
            () => File.Exists(_home.GatewaySocket),
            "the next node has a socket"
        );
        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task The_guard_of_a_crashed_executor_starts_the_next_one_which_stops_the_node_first()
    {
        using var first = Start("echo node $$ $*; exec sleep 60", "--node-arg", "--cores=3");
        await NodeIsOnRecordAsync();

        first.Kill();
        await first.WaitForExitAsync();

        await Eventually.HoldsAsync(
            () => File.ReadAllLines(_home.NodeLog).Length == 2,
            "the second node started"
        );
        var nodes = await File.ReadAllLinesAsync(_home.NodeLog);
        Assert.False(ProcessesOf.IsAlive(int.Parse(nodes[0].Split(' ')[1])));
        Assert.EndsWith("--cores=3", nodes[1]);
        await EndSuccessorAsync();
    }

    [Fact]
    public async Task The_guard_starts_the_executor_even_if_the_node_dies_right_after_it()
    {
        using var first = Start("echo node $$; exec sleep 60");
        await NodeIsOnRecordAsync();
        var node = int.Parse((await File.ReadAllTextAsync(_home.NodeLog)).Split(' ')[1]);

        first.Kill();
        Process.Start("kill", ["-KILL", $"{node}"]).WaitForExit();

        await Eventually.HoldsAsync(
            () => File.ReadAllLines(_home.NodeLog).Length == 2,
            "the second node started"
        );
        await EndSuccessorAsync();
    }

    /// <summary>The node that starts this executor is stopped by it, so when this one is killed
    /// meanwhile, only its own guard can start another.</summary>
    [Fact]
    public async Task An_executor_killed_while_it_stops_the_earlier_node_is_replaced()
    {
        // The first node, which does not heed the signal to stop, keeps the second executor at
        // this point for longer than the test lasts.
        Directory.CreateDirectory(Path.GetDirectoryName(_home.ExecutorLimits)!);
        var limits = ExecutorSettings.Defaults();
        Assert.True(LimitsFile.Apply(limits, new() { NodeStopMs = 600_000 }, _home));
        using var first = Start(
            "echo node $$; [ $(grep -c node $2/log/node.log) = 1 ] || exec sleep 60; "
                + "trap '' TERM; while :; do sleep 0.1; done"
        );
        await NodeIsOnRecordAsync();
        var node = int.Parse((await File.ReadAllTextAsync(_home.NodeLog)).Split(' ')[1]);
        Kill(ProcessesOf.ChildWith(first.Id, "--guard"), first.Id);
        await first.WaitForExitAsync();
        using var second = ExecutorProcess.RunCopy(_folder.FullName, ["--home", _home.Home]);
        var guard = 0;
        await Eventually.HoldsAsync(
            () => (guard = ProcessesOf.ChildWith(second.Id, "--guard")) > 0,
            "the guard of the second executor runs"
        );
        Assert.True(ProcessesOf.IsAlive(node));
        Assert.Contains($"{second.Id}", await File.ReadAllTextAsync(_home.ExecutorLock));

        second.Kill();
        await second.WaitForExitAsync();
        Kill(node);

        await Eventually.HoldsAsync(
            () => File.ReadAllLines(_home.NodeLog).Length == 2,
            "the second node started"
        );
        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(guard), "the guard left");
        await EndSuccessorAsync();
    }

    [Theory]
    [InlineData("--guard")]
    [InlineData("sleep 60")]
    public async Task A_stopped_guard_or_node_is_continued(string command)
    {
        using var executor = Start("echo lives; exec sleep 60");
        await LoggedAsync(_home.NodeLog, "lives");
        var pid = 0;
        await Eventually.HoldsAsync(
            () => (pid = ProcessesOf.ChildWith(executor.Id, command)) > 0,
            $"{command} runs"
        );

        Process.Start("kill", ["-STOP", $"{pid}"]).WaitForExit();

        await LoggedAsync(_home.ExecutorLog, $"pid {pid}, was stopped by a signal: continuing it");
        await Eventually.HoldsAsync(() => ProcessesOf.StateOf(pid) != 'T', "it runs again");
        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task A_stopped_executor_is_continued_by_its_guard()
    {
        using var executor = Start("echo lives; exec sleep 60");
        await LoggedAsync(_home.NodeLog, "lives");

        Signal(executor, "STOP");
        await Eventually.HoldsAsync(() => ProcessesOf.StateOf(executor.Id) == 'T', "it stopped");

        await Eventually.HoldsAsync(() => ProcessesOf.StateOf(executor.Id) != 'T', "it runs again");
        await EndAsync(executor, 0);
    }

    [Fact]
    public async Task A_stopped_guard_of_a_dead_executor_does_not_keep_the_next_one_from_starting()
    {
        using var first = Start("echo node $$; exec sleep 60");
        await NodeIsOnRecordAsync();
        var guard = 0;
        await Eventually.HoldsAsync(
            () => (guard = ProcessesOf.ChildWith(first.Id, "--guard")) > 0,
            "the guard runs"
        );
        Process.Start("kill", ["-STOP", $"{guard}"]).WaitForExit();
        first.Kill();
        await first.WaitForExitAsync();

        using var second = Start("echo node $$; exec sleep 60");

        await Eventually.HoldsAsync(
            () => File.ReadAllLines(_home.NodeLog).Length == 2,
            "the second node started"
        );
        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(guard), "the old guard is gone");
        await EndAsync(second, 0);
    }

    [Fact]
    public void The_restart_delay_grows_with_short_uptimes_and_resets_after_a_long_one()
    {
        var delay = new RestartDelay(0);
        var delays = new List<long>();
        foreach (var uptimeMs in new[] { 5, 5, 5, 5, 5, 5, 2_000, 5 })
        {
            delay = delay.After(uptimeMs, first: 100, max: 1_000);
            delays.Add(delay.Current);
        }

        Assert.Equal([100, 200, 400, 800, 1_000, 1_000, 0, 100], delays);
    }

    /// <summary>Runs a copy of the executor with this script as its node.</summary>
    private Process Start(string script, params string[] arguments)
    {
        var node = $"{_folder.FullName}/jobcloud-node";
        File.WriteAllText(node, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(
            node,
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite
        );
        return ExecutorProcess.RunCopy(_folder.FullName, ["--home", _home.Home, .. arguments]);
    }

    private Task NodeIsOnRecordAsync() =>
        Eventually.HoldsAsync(
            () =>
                File.Exists(_home.NodeLog)
                && File.ReadAllText(_home.NodeLog).EndsWith('\n')
                && File.Exists(_home.AttemptRecord)
                && RecordContent.Read(File.ReadAllBytes(_home.AttemptRecord))
                    is { Node: not null, Guard: not null },
            "the node and the guard are on record"
        );

    /// <summary>Ends the executor that a guard started.</summary>
    private async Task EndSuccessorAsync()
    {
        var pid = int.Parse(await File.ReadAllTextAsync(_home.ExecutorLock));
        Process.Start("kill", ["-TERM", $"{pid}"]).WaitForExit();
        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(pid), "the executor ended");
    }

    private static async Task EndAsync(Process executor, int code)
    {
        Signal(executor, "TERM");
        await executor.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(code, executor.ExitCode);
    }

    /// <summary>Kills them in one call, so that none can start what another was.</summary>
    private static void Kill(params int[] pids) =>
        Process.Start("kill", ["-KILL", .. pids.Select(pid => $"{pid}")]).WaitForExit();

    private static void Signal(Process process, string signal) =>
        Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();

    private static Task LoggedAsync(string file, string text) =>
        Eventually.HoldsAsync(
            () => File.Exists(file) && File.ReadAllText(file).Contains(text),
            $"\"{text}\" in {file}"
        );
}
