using System.Net.Sockets;
using System.Runtime.Versioning;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

[SupportedOSPlatform("linux")]
public sealed class ExecutorLifecycleTests
{
    [Fact]
    public async Task A_stopping_executor_ends_its_jobs_and_keeps_their_ends()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("sleep 60");
        agent.Start(job);
        var started = await agent.StartedAsync(job.Jid);

        Assert.Equal(0, await executor.EndAsync());

        Assert.False(ProcessesOf.IsAlive(started.Pid));
        await using var next = await ExecutorProcess.StartAsync(executor.Home);
        await using var nextAgent = await next.TalkAsync(Greeting);
        Assert.Equal(15, Assert.Single(nextAgent.Inventory.Ended).End.Exit.Signal);
    }

    [Fact]
    public async Task An_agent_can_stop_the_executor()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);

        agent.Send(new Protocol.Execution.ToExecutor { Shutdown = new() { KillJobs = true } });

        await agent.Closed.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_second_executor_of_a_home_refuses_to_run()
    {
        await using var executor = await ExecutorProcess.StartAsync();

        using var second = ExecutorProcess.Run("--home", executor.Home.Home, "--no-node");
        await second.WaitForExitAsync();

        Assert.Equal(3, second.ExitCode);
        Assert.Contains(
            $"another jobcloud-executor (pid {executor.Pid}) is running for {executor.Home.Home}",
            await second.StandardError.ReadToEndAsync()
        );
    }

    [Theory]
    [InlineData("--home is missing")]
    [InlineData("--home requires a value", "--home")]
    [InlineData("unknown option --hoem", "--hoem", "x")]
    public async Task Invalid_arguments_are_named(string message, params string[] arguments)
    {
        using var executor = ExecutorProcess.Run(arguments);
        await executor.WaitForExitAsync();

        Assert.Equal(2, executor.ExitCode);
        Assert.Contains(message, await executor.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task A_home_with_too_long_socket_paths_is_refused()
    {
        using var executor = ExecutorProcess.Run("--home", $"/tmp/{new string('x', 100)}");
        await executor.WaitForExitAsync();

        Assert.Equal(2, executor.ExitCode);
        Assert.Contains("choose a shorter home", await executor.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task Invalid_data_on_the_socket_closes_only_that_connection()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        using var socket = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(executor.Home.ExecutorSocket));

        await socket.SendAsync(Enumerable.Repeat((byte)0xff, 100).ToArray());

        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        await using var agent = await executor.TalkAsync(Greeting);
        Assert.Equal(0, (await agent.RunAsync(Job("true"))).Exit.Code);
    }

    [Fact]
    public async Task The_home_is_accessible_to_its_user_only()
    {
        await using var executor = await ExecutorProcess.StartAsync();

        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        var home = executor.Home;
        foreach (var path in new[] { home.Run, home.Log, home.ExecutorSocket, home.AttemptRecord })
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
        Assert.Equal($"{executor.Pid}\n", await File.ReadAllTextAsync(home.ExecutorLock));
    }
}
