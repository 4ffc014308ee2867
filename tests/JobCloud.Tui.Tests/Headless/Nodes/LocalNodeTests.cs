using System.Diagnostics;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Headless.Nodes;

/// <summary>Starts and stops a script that stands in for the executor.</summary>
public sealed class LocalNodeTests : CommandTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-").FullName;

    /// <summary>The home of the executor that a test starts.</summary>
    private HomePaths Started => new($"{_folder}/home");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Variables["JOBCLOUD_HOME"] = Started.Home;
        Programs = _folder;
        Cloud.Status = _ => Statuses((1, 1, Protocol.Status.Done));
        Cloud.NodeStatus = () =>
            new NodeStatusReply
            {
                Ready = true,
                Node = "n1",
                Pid = 5,
                ExecutorPid = 6,
            };
        // Like the executor, the script admits one instance, writes its pid and answers until a
        // signal stops it.
        WriteExecutor(
            $$"""
            mkdir -p "$2/run" "$2/store"
            echo "$@" >> "$2/arguments"
            mkdir "$2/run/taken" || exit 1
            echo $$ > "$2/store/executor.lock"
            trap 'echo TERM > "$2/signal"; rm -r "$2/run" "$2/store"; exit' TERM
            trap 'rm "$2/run/jobcloud.sock"' USR1
            trap 'ln -s {{Paths.GatewaySocket}} "$2/run/jobcloud.sock"' USR2
            ln -s '{{Paths.GatewaySocket}}' "$2/run/jobcloud.sock"
            echo ready
            while :; do sleep 0.01; done
            """
        );
    }

    public override async Task DisposeAsync()
    {
        await RunAsync("node", "stop");
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void WriteExecutor(string script)
    {
        var path = $"{_folder}/jobcloud-executor";
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    private int ExecutorPid => int.Parse(File.ReadAllText(Started.ExecutorLock));

    [Fact]
    public async Task A_command_that_needs_a_node_starts_one_with_a_message()
    {
        var ran = await RunAsync("status", "1");

        Assert.Equal((0, "jid  status\n1    done\n"), (ran.Code, ran.Output));
        Assert.Equal($"No node is running; starting one in {Started.Home} …\n", ran.Error);
    }

    [Fact]
    public async Task A_job_without_a_way_to_its_cloud_starts_no_node()
    {
        Variables.Remove("JOBCLOUD_HOME");
        Variables["JOBCLOUD_JID"] = "7";
        Variables["XDG_DATA_HOME"] = $"{_folder}/data";

        var ran = await RunAsync("status", "1");

        Assert.Equal(3, ran.Code);
        Assert.StartsWith("This job has no way to its cloud: ", ran.Error);
        Assert.False(Directory.Exists($"{_folder}/data"));
        // A home that it names is its own.
        Variables["JOBCLOUD_HOME"] = Started.Home;
        Assert.Equal(0, (await RunAsync("status", "1")).Code);
    }

    [Fact]
    public async Task A_started_node_is_shown_with_its_executor()
    {
        var status = Cloud.NodeStatus();
        var asked = 0;
        Cloud.NodeStatus = () => asked++ < 3 ? WithoutExecutor(status) : status;

        var ran = await RunAsync("node", "start");

        Assert.Contains("executor pid: 6\n", ran.Output);
    }

    [Fact]
    public async Task An_unknown_executor_is_not_shown()
    {
        var status = Cloud.NodeStatus();
        await RunAsync("node", "start");
        Cloud.NodeStatus = () => WithoutExecutor(status);

        Assert.DoesNotContain("executor", (await RunAsync("node", "status")).Output);
        Assert.DoesNotContain("executor", (await RunAsync("-o", "json", "node", "status")).Output);
    }

    private static NodeStatusReply WithoutExecutor(NodeStatusReply status)
    {
        status = status.Clone();
        status.ExecutorPid = 0;
        return status;
    }

    [Fact]
    public async Task A_running_node_is_used_without_a_message()
    {
        await RunAsync("status", "1");

        var ran = await RunAsync("status", "1");

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Single(File.ReadAllLines($"{Started.Home}/arguments"));
    }

    [Fact]
    public async Task Concurrent_commands_start_one_node()
    {
        var both = await Task.WhenAll(RunAsync("status", "1"), RunAsync("status", "1"));

        Assert.All(both, ran => Assert.Equal(0, ran.Code));
    }

    [Fact]
    public async Task A_command_waits_for_a_starting_node()
    {
        await RunAsync("node", "start");
        File.Delete(Started.GatewaySocket);

        // The script answers again once the waiting command has sent it a signal.
        var ran = await RunAsync("status", "1");

        Assert.Equal(0, ran.Code);
        Assert.Equal(
            $"The node in {Started.Home} does not answer yet; waiting for it …\n",
            ran.Error
        );
        Assert.Single(File.ReadAllLines($"{Started.Home}/arguments"));
    }

    [Fact]
    public async Task The_no_autostart_option_starts_no_node()
    {
        var ran = await RunAsync("--no-autostart", "status", "1");

        Assert.Equal(3, ran.Code);
        Assert.Equal(
            $"No node answers at unix:{Started.GatewaySocket}; "
                + "start one with 'jobcloud node start'.\n",
            ran.Error
        );
        Assert.False(Directory.Exists(Started.Home));
    }

    [Fact]
    public async Task A_named_server_is_never_started()
    {
        var ran = await RunAsync("--server", $"unix:{_folder}/sock", "status", "1");

        Assert.Equal(3, ran.Code);
        Assert.False(Directory.Exists(Started.Home));
    }

    [Fact]
    public async Task The_daemon_has_its_own_session_and_writes_to_its_log()
    {
        await RunAsync("node", "start");

        var fields = File.ReadAllText($"/proc/{ExecutorPid}/stat").Split(") ")[1].Split(' ');
        Assert.Equal($"{ExecutorPid}", fields[3]);
        Assert.Equal(Started.ExecutorLog, new FileInfo($"/proc/{ExecutorPid}/fd/1").LinkTarget);
        Assert.Equal("/dev/null", new FileInfo($"/proc/{ExecutorPid}/fd/0").LinkTarget);
        Assert.Equal(Started.Home, new DirectoryInfo($"/proc/{ExecutorPid}/cwd").LinkTarget);
        await Eventually.HoldsAsync(
            () => File.ReadAllText(Started.ExecutorLog) == "ready\n",
            "the log has what it wrote"
        );
    }

    [Fact]
    public async Task Start_passes_its_options_to_the_node()
    {
        var ran = await RunAsync("node", "start", "--cores", "4", "--memory", "8G");

        Assert.Equal(0, ran.Code);
        Assert.Contains("node: n1\npid: 5\n", ran.Output);
        Assert.Equal(
            $"--home {Started.Home} --node-arg --cores=4 --node-arg --memory=8589934592\n",
            File.ReadAllText($"{Started.Home}/arguments")
        );
    }

    [Fact]
    public async Task A_running_node_is_not_started_again()
    {
        await RunAsync("node", "start");

        var ran = await RunAsync("node", "start", "--cores", "2");

        Assert.Equal(3, ran.Code);
        Assert.Equal(
            "Node n1 is already running (pid 5); run 'jobcloud node stop' before you change its options.\n",
            ran.Error
        );
    }

    [Fact]
    public async Task Stop_returns_once_the_executor_has_exited()
    {
        await RunAsync("node", "start");
        var pid = ExecutorPid;

        var ran = await RunAsync("node", "stop");

        Assert.Equal((0, "", ""), (ran.Code, ran.Output, ran.Error));
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.Equal("TERM\n", File.ReadAllText($"{Started.Home}/signal"));
    }

    [Fact]
    public async Task The_keep_jobs_option_stops_the_node_but_not_the_executor()
    {
        await RunAsync("node", "start");
        var pid = ExecutorPid;

        var stopped = await RunAsync("node", "stop", "--keep-jobs");
        var status = await RunAsync("node", "status");
        var changed = await RunAsync("node", "start", "--cores", "2");
        var started = await RunAsync("node", "start");

        Assert.Equal((0, "", ""), (stopped.Code, stopped.Output, stopped.Error));
        Assert.Equal((3, 3, 0), (status.Code, changed.Code, started.Code));
        Assert.Contains("before you change its options", changed.Error);
        Assert.Equal(pid, ExecutorPid);
        Assert.Single(File.ReadAllLines($"{Started.Home}/arguments"));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("status")]
    public async Task Stop_and_status_report_that_no_node_is_running(string command)
    {
        var ran = await RunAsync("node", command);

        Assert.Equal(3, ran.Code);
        Assert.Equal(
            $"No node is running in {Started.Home}; start one with 'jobcloud node start'.\n",
            ran.Error
        );
    }

    [Fact]
    public async Task Stop_spares_a_process_that_reused_the_pid_of_the_executor()
    {
        Directory.CreateDirectory(Started.Store);
        Directory.CreateDirectory(Started.Run);
        using var other = Process.Start("sleep", "60");
        File.WriteAllText(Started.ExecutorLock, $"{other.Id}\n");

        var ran = await RunAsync("node", "stop");

        Assert.Equal(3, ran.Code);
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task A_failed_start_shows_the_end_of_its_own_part_of_the_log()
    {
        Directory.CreateDirectory(Started.Log);
        File.WriteAllText(Started.NodeLog, "an earlier start\n");
        WriteExecutor("""seq 20 >> "$2/log/node.log"; exit 1""");

        var ran = await RunAsync("status", "1");
        WriteExecutor("exit 1");
        var silent = await RunAsync("status", "1");

        Assert.Equal(3, ran.Code);
        Assert.EndsWith($"The node did not start; see {Started.ExecutorLog}.\n", silent.Error);
        Assert.EndsWith(
            $"The node did not start; the last lines of {Started.NodeLog}:\n"
                + $"{string.Join('\n', Enumerable.Range(11, 10))}\n",
            ran.Error
        );
    }

    [Theory]
    [InlineData("exit 1", "The node did not start: ")]
    [InlineData("sleep 60", "The node refuses to start; its executor keeps trying: ")]
    public async Task A_node_that_refuses_to_start_is_quoted(string then, string said)
    {
        WriteExecutor(
            $"""
            mkdir -p "$2/store"
            echo $$ > "$2/store/executor.lock"
            echo '2026-11-30T02:04:19.000Z INFO    node: starting' >> "$2/log/node.log"
            echo 'The store is gone; bring it back.' >> "$2/log/node.log"
            echo '2026-11-30T02:04:20.0Z jobcloud-node, pid 7, exited with status 3' >> "$2/log/executor.log"
            exec {then}
            """
        );

        var ran = await RunAsync("node", "start");
        await RunAsync("node", "stop");

        Assert.Equal(3, ran.Code);
        Assert.EndsWith($"{said}The store is gone; bring it back.\n", ran.Error);
    }

    [Fact]
    public async Task A_missing_executor_is_named()
    {
        File.Delete($"{_folder}/jobcloud-executor");

        var ran = await RunAsync("status", "1");

        Assert.Equal(3, ran.Code);
        Assert.Contains($"jobcloud-executor was not found in {_folder}", ran.Error);
    }

    [Fact]
    public async Task The_executor_of_a_build_is_in_a_sibling_directory()
    {
        var pivot = Directory.CreateDirectory($"{_folder}/bin/JobCloud.Tui.Headless/debug");
        var sibling = Directory.CreateDirectory($"{_folder}/bin/JobCloud.Node.Executor/debug");
        File.Move($"{_folder}/jobcloud-executor", $"{sibling.FullName}/jobcloud-executor");
        Programs = pivot.FullName;

        Assert.Equal(0, (await RunAsync("status", "1")).Code);
    }

    [Fact]
    public async Task Node_commands_refuse_a_named_server()
    {
        var ran = await RunAsync("--server", "https://host:1", "node", "start");

        Assert.Equal(2, ran.Code);
        Assert.Contains("--server names https://host:1", ran.Error);
    }
}
