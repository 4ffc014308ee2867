using JobCloud.Protocol.Homes;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Real executors whose files somebody removes.</summary>
public sealed class HomeWatchTests
{
    [Fact]
    public async Task An_executor_creates_removed_files_again_and_its_jobs_continue()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var job = Job("sleep 1000");
        int pid;
        await using (var agent = await executor.TalkAsync(Greeting))
        {
            agent.Start(job);
            pid = (await agent.StartedAsync(job.Jid)).Pid;
        }

        Remove(executor.Home.Run);

        await AreThereAsync(
            executor.Home.ExecutorSocket,
            executor.Home.TerminalSocket,
            executor.Home.AttemptRecord
        );
        await RefusesAnotherAsync(executor);
        Assert.True(ProcessesOf.IsAlive(pid));
        await using var next = await executor.TalkAsync(Greeting);
        Assert.Equal(job.Jid, Assert.Single(next.Inventory.Running).Jid);
        Assert.Equal(0, (await next.RunAsync(Job("true"))).Exit.Code);
        Assert.Equal(0, (await next.RunAsync(Job("echo out"))).Exit.Code);
    }

    [Fact]
    public async Task A_later_executor_kills_leftovers_by_the_recreated_record()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("sleep 1000");
        agent.Start(job);
        var pid = (await agent.StartedAsync(job.Jid)).Pid;
        Remove(executor.Home.Run);
        await AreThereAsync(executor.Home.AttemptRecord, executor.Home.ExecutorSocket);

        await executor.CrashAsync();

        await using var next = await ExecutorProcess.StartAsync(executor.Home);
        Assert.False(ProcessesOf.IsAlive(pid));
    }

    [Fact]
    public async Task A_second_executor_is_refused_though_the_lock_file_is_gone()
    {
        await using var executor = await ExecutorProcess.StartAsync();

        File.Delete(executor.Home.ExecutorLock);

        await RefusesAnotherAsync(executor);
        await Eventually.HoldsAsync(
            () => HolderOf(executor.Home) == $"{executor.Pid}",
            "the lock file tells the pid again"
        );
    }

    [Fact]
    public async Task An_executor_without_its_store_ends()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("sleep 1000");
        agent.Start(job);
        var pid = (await agent.StartedAsync(job.Jid)).Pid;

        Directory.Move(executor.Home.Store, $"{executor.Home.Home}/moved");

        await agent.Closed.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.False(ProcessesOf.IsAlive(pid));
        Assert.Contains(
            $"the store {executor.Home.Store} was removed or replaced",
            await File.ReadAllTextAsync(executor.Home.ExecutorLog)
        );
    }

    private static Task AreThereAsync(params string[] paths) =>
        Eventually.HoldsAsync(() => paths.All(Path.Exists), string.Join(" and ", paths));

    private static string HolderOf(HomePaths home) =>
        File.Exists(home.ExecutorLock) ? File.ReadAllText(home.ExecutorLock).Trim() : "";

    private static async Task RefusesAnotherAsync(ExecutorProcess executor)
    {
        using var second = ExecutorProcess.Run("--home", executor.Home.Home, "--no-node");
        await second.WaitForExitAsync();
        Assert.Equal(3, second.ExitCode);
        Assert.Contains(
            $"another jobcloud-executor (pid {executor.Pid}) is running for",
            await second.StandardError.ReadToEndAsync()
        );
    }

    /// <summary>Removes the folder although the executor makes its files anew at any
    /// moment.</summary>
    internal static void Remove(string folder)
    {
        while (true)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (Directory.Exists(folder)) { }
            catch (DirectoryNotFoundException)
            {
                return;
            }
        }
    }
}
