using System.Net.Sockets;
using System.Runtime.Versioning;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

[SupportedOSPlatform("linux")]
public sealed class LifeTests
{
    [Fact]
    public async Task Asked_to_end_it_ends_its_jobs_first_and_keeps_their_ends()
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
    public async Task An_agent_may_ask_for_the_end()
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
            $"another jobcloud-executor (pid {executor.Pid}) runs for {executor.Home.Home}",
            await second.StandardError.ReadToEndAsync()
        );
    }

    [Theory]
    [InlineData("--home is missing")]
    [InlineData("--home needs a value", "--home")]
    [InlineData("there is no option --hoem", "--hoem", "x")]
    public async Task Wrong_arguments_are_named(string sentence, params string[] arguments)
    {
        using var executor = ExecutorProcess.Run(arguments);
        await executor.WaitForExitAsync();

        Assert.Equal(2, executor.ExitCode);
        Assert.Contains(sentence, await executor.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task A_home_whose_sockets_would_have_too_long_a_path_is_refused()
    {
        using var executor = ExecutorProcess.Run("--home", $"/tmp/{new string('x', 100)}");
        await executor.WaitForExitAsync();

        Assert.Equal(2, executor.ExitCode);
        Assert.Contains("choose a shorter home", await executor.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task Nonsense_on_the_socket_costs_only_that_connection()
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
    public async Task Its_home_is_for_its_user_alone()
    {
        await using var executor = await ExecutorProcess.StartAsync();

        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        var home = executor.Home;
        foreach (var path in new[] { home.Run, home.Log, home.ExecutorSocket, home.AttemptRecord })
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
        Assert.Equal($"{executor.Pid}\n", await File.ReadAllTextAsync(home.ExecutorLock));
    }
}
