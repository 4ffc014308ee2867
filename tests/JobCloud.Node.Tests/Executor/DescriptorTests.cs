using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Real executors that may have few files open.</summary>
public sealed class DescriptorTests
{
    private const int Few = 256;

    [Fact]
    public async Task More_jobs_run_than_the_executor_may_have_files_open()
    {
        await using var executor = await ExecutorProcess.StartAsync(within: WithFiles(Few));
        await using var agent = await executor.TalkAsync(Greeting);
        var before = OpenFiles(executor.Pid);
        var jobs = Enumerable.Range(0, Few + 44).Select(_ => Job("sleep 1000")).ToArray();

        foreach (var job in jobs)
            agent.Start(job);
        foreach (var job in jobs)
            await agent.StartedAsync(job.Jid);

        // Some files of cgroups stay open for speed.
        Assert.InRange(OpenFiles(executor.Pid), 1, before + Few / 2);
        foreach (var job in jobs)
            Assert.NotNull(await agent.UsageAsync(job.Jid));
        foreach (var job in jobs)
            agent.Stop(job.Jid);
        foreach (var job in jobs)
            Assert.Equal(15, (await agent.EndedAsync(job.Jid)).Exit.Signal);
    }

    [Fact]
    public async Task An_executor_raises_its_own_limit_of_open_files()
    {
        string[] within = ["bash", "-c", "ulimit -Sn 200; ulimit -Hn 300; exec \"$0\" \"$@\""];
        await using var executor = await ExecutorProcess.StartAsync(within: within);

        var limits = await File.ReadAllLinesAsync($"/proc/{executor.Pid}/limits");

        Assert.Matches("^Max open files +300 +300 ", limits.First(l => l.StartsWith("Max open")));
    }

    [Theory]
    [InlineData(Libc.EMFILE, "the open file limit is reached (ulimit -n)", true)]
    [InlineData(Libc.ENFILE, "the open file limit is reached (ulimit -n)", true)]
    [InlineData(Libc.EAGAIN, "this user's process limit is reached (ulimit -u)", true)]
    [InlineData(Libc.ENOMEM, "the machine is out of memory", true)]
    [InlineData(Libc.ENOENT, "x or its interpreter does not exist", false)]
    [InlineData(Libc.EACCES, "no permission to run x", false)]
    public void A_lack_of_resources_is_passing_trouble(int error, string why, bool isPassing) =>
        Assert.Equal(new StartError(why, isPassing), StartErrors.ForSpawn(error, "x"));

    [Fact]
    public void A_limit_of_memory_may_be_why_a_job_cannot_start() =>
        Assert.False(StartErrors.ForSpawn(Libc.ENOMEM, "x", limitsMemory: true).IsPassing);

    [Fact]
    public async Task A_start_that_fails_for_lack_of_descriptors_is_passing_trouble()
    {
        await using var executor = await ExecutorProcess.StartAsync(within: WithFiles(Few));
        await using var agent = await executor.TalkAsync(Greeting);
        // Each shell job holds a pipe.
        FromExecutor answer;
        do
        {
            var job = Job("");
            job.ShellJob = new() { KeepAlive = true };
            agent.Start(job);
            answer = await agent.WaitForAsync(
                m => m.Started?.Jid == job.Jid || m.Ended?.Jid == job.Jid,
                "an answer"
            );
        } while (answer.Started is not null);

        Assert.True(answer.Ended.Passing, answer.Ended.End.Exit.NotStarted);
        Assert.Contains("open file limit", answer.Ended.End.Exit.NotStarted);
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_not_tried_again()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("true");
        job.Shell = "/no/shell";

        agent.Start(job);
        var ended = (await agent.WaitForAsync(m => m.Ended?.Jid == job.Jid, "an end")).Ended;

        Assert.False(ended.Passing);
        Assert.Contains("does not exist", ended.End.Exit.NotStarted);
    }

    private static string[] WithFiles(int most) =>
        ["bash", "-c", $"ulimit -n {most}; exec \"$0\" \"$@\""];

    private static int OpenFiles(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;
}
