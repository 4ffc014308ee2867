using System.Diagnostics;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Headless.Nodes;

/// <summary>Starts and stops a script that stands for the executor.</summary>
public sealed class LocalNodeTests : CommandTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-").FullName;

    /// <summary>Where the executor of this test puts its socket.</summary>
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
        // Like the executor, it lets one through, notes its pid, and answers until it is told to
        // end.
        WriteExecutor(
            $$"""
            mkdir -p "$2/run"
            echo "$@" >> "$2/arguments"
            mkdir "$2/run/taken" || exit 1
            echo $$ > "$2/run/executor.lock"
            ln -s '{{Paths.GatewaySocket}}' "$2/run/jobcloud.sock"
            trap 'echo TERM > "$2/signal"; rm -r "$2/run"; exit' TERM
            trap 'rm "$2/run/jobcloud.sock"' USR1
            trap 'ln -s {{Paths.GatewaySocket}} "$2/run/jobcloud.sock"' USR2
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
    public async Task A_command_that_needs_a_node_starts_one_and_says_so()
    {
        var ran = await RunAsync("status", "1");

        Assert.Equal((0, "jid  status\n1    done\n"), (ran.Code, ran.Output));
        Assert.Equal($"No node was running: starting one in {Started.Home} …\n", ran.Error);
    }

    [Fact]
    public async Task A_started_node_is_shown_once_its_executor_is_known()
    {
        var status = Cloud.NodeStatus();
        var asked = 0;
        Cloud.NodeStatus = () => asked++ < 3 ? WithoutExecutor(status) : status;

        var ran = await RunAsync("node", "start");

        Assert.Contains("executor pid: 6\n", ran.Output);
    }

    [Fact]
    public async Task An_executor_that_is_not_known_is_not_shown()
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
    public async Task A_running_node_is_used_silently()
    {
        await RunAsync("status", "1");

        var ran = await RunAsync("status", "1");

        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Single(File.ReadAllLines($"{Started.Home}/arguments"));
    }

    [Fact]
    public async Task Started_by_two_at_once_there_is_one_node()
    {
        var both = await Task.WhenAll(RunAsync("status", "1"), RunAsync("status", "1"));

        Assert.All(both, ran => Assert.Equal(0, ran.Code));
    }

    [Fact]
    public async Task A_node_that_is_being_started_is_waited_for_not_started_again()
    {
        await RunAsync("node", "start");
        File.Move(Started.GatewaySocket, $"{Started.Run}/later");

        var running = RunAsync("status", "1");
        File.Move($"{Started.Run}/later", Started.GatewaySocket);
        var ran = await running;

        Assert.Equal(0, ran.Code);
        Assert.Equal(
            $"The node in {Started.Home} does not answer yet: waiting for it …\n",
            ran.Error
        );
        Assert.Single(File.ReadAllLines($"{Started.Home}/arguments"));
    }

    [Fact]
    public async Task Autostart_can_be_forbidden()
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
    public async Task A_server_that_was_named_is_never_started()
    {
        var ran = await RunAsync("--server", $"unix:{_folder}/sock", "status", "1");

        Assert.Equal(3, ran.Code);
        Assert.False(Directory.Exists(Started.Home));
    }

    [Fact]
    public async Task The_daemon_lives_in_a_session_of_its_own_and_writes_to_its_log()
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
    public async Task What_a_node_offers_is_passed_on()
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
    public async Task A_node_that_runs_is_not_started_again()
    {
        await RunAsync("node", "start");

        var ran = await RunAsync("node", "start", "--cores", "2");

        Assert.Equal(3, ran.Code);
        Assert.Equal(
            "The node n1 runs already (pid 5); stop it first to change what it offers.\n",
            ran.Error
        );
    }

    [Fact]
    public async Task Stop_returns_once_it_is_gone()
    {
        await RunAsync("node", "start");
        var pid = ExecutorPid;

        var ran = await RunAsync("node", "stop");

        Assert.Equal((0, "", ""), (ran.Code, ran.Output, ran.Error));
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.Equal("TERM\n", File.ReadAllText($"{Started.Home}/signal"));
    }

    [Fact]
    public async Task Stop_can_leave_the_jobs_to_run_on_until_the_node_is_started_again()
    {
        await RunAsync("node", "start");
        var pid = ExecutorPid;

        var stopped = await RunAsync("node", "stop", "--keep-jobs");
        var status = await RunAsync("node", "status");
        var changed = await RunAsync("node", "start", "--cores", "2");
        var started = await RunAsync("node", "start");

        Assert.Equal((0, "", ""), (stopped.Code, stopped.Output, stopped.Error));
        Assert.Equal((3, 3, 0), (status.Code, changed.Code, started.Code));
        Assert.Contains("stop it first to change what it offers", changed.Error);
        Assert.Equal(pid, ExecutorPid);
        Assert.Single(File.ReadAllLines($"{Started.Home}/arguments"));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("status")]
    public async Task Without_a_node_there_is_nothing_to_ask_or_stop(string command)
    {
        var ran = await RunAsync("node", command);

        Assert.Equal(3, ran.Code);
        Assert.Equal(
            $"No node runs in {Started.Home}; start one with 'jobcloud node start'.\n",
            ran.Error
        );
    }

    [Fact]
    public async Task The_pid_of_a_dead_executor_may_be_another_programs_by_now()
    {
        Directory.CreateDirectory(Started.Run);
        using var other = Process.Start("sleep", "60");
        File.WriteAllText(Started.ExecutorLock, $"{other.Id}\n");

        var ran = await RunAsync("node", "stop");

        Assert.Equal(3, ran.Code);
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task A_node_that_fails_to_start_shows_the_end_of_its_log()
    {
        WriteExecutor("""seq 20 > "$2/log/node.log"; exit 1""");

        var ran = await RunAsync("status", "1");

        Assert.Equal(3, ran.Code);
        Assert.EndsWith(
            $"The node ended while it started; the end of {Started.NodeLog}:\n"
                + $"{string.Join('\n', Enumerable.Range(11, 10))}\n",
            ran.Error
        );
    }

    [Fact]
    public async Task Without_the_executors_program_it_says_what_is_missing()
    {
        File.Delete($"{_folder}/jobcloud-executor");

        var ran = await RunAsync("status", "1");

        Assert.Equal(3, ran.Code);
        Assert.Contains($"There is no jobcloud-executor in {_folder}", ran.Error);
    }

    [Fact]
    public async Task In_a_build_the_executor_lies_in_a_sibling_folder()
    {
        var pivot = Directory.CreateDirectory($"{_folder}/bin/JobCloud.Tui.Headless/debug");
        var sibling = Directory.CreateDirectory($"{_folder}/bin/JobCloud.Node.Executor/debug");
        File.Move($"{_folder}/jobcloud-executor", $"{sibling.FullName}/jobcloud-executor");
        Programs = pivot.FullName;

        Assert.Equal(0, (await RunAsync("status", "1")).Code);
    }

    [Fact]
    public async Task Node_commands_are_about_this_machine_alone()
    {
        var ran = await RunAsync("--server", "https://host:1", "node", "start");

        Assert.Equal(2, ran.Code);
        Assert.Contains("--server names https://host:1", ran.Error);
    }
}
