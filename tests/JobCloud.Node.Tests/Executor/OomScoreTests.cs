using System.Globalization;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Whom the kernel's OOM killer ends first (proc_pid_oom_score_adj(5)).</summary>
public sealed class OomScoreTests
{
    private const string Show = "cat /proc/$$/oom_score_adj; (cat /proc/self/oom_score_adj)";

    /// <summary>Runs its arguments without the right to lower the value.</summary>
    private static readonly string[] WithoutRight = ["setpriv", "--bounding-set=-sys_resource"];

    [RootFact]
    public async Task Jobs_and_terminals_of_roots_executor_end_before_it()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        if (ValueOf(executor.Pid) != -900)
            return; // A container may not lower it: the next test holds.
        await AssertJobsHaveAsync(executor, 0);
        Assert.Equal(-900, ValueOf(executor.Pid));
    }

    [RootFact]
    public async Task Jobs_end_before_an_executor_that_cannot_lower_its_own_value()
    {
        await using var executor = await ExecutorProcess.StartAsync(within: WithoutRight);
        var inherited = ValueOf(Environment.ProcessId);
        Assert.Equal(inherited, ValueOf(executor.Pid));
        await AssertJobsHaveAsync(executor, Math.Min(1000, inherited + 300));
        Assert.Equal(inherited, ValueOf(executor.Pid));
    }

    private static async Task AssertJobsHaveAsync(ExecutorProcess executor, int value)
    {
        await using var agent = await executor.TalkAsync(Greeting);
        foreach (var account in new[] { "", "games" })
        {
            var job = Job($"{Show}; exec sleep 1000");
            job.Account = account;
            agent.Start(job);
            await agent.StartedAsync(job.Jid);
            var output = executor.Home.Attempt(new(job.Jid), 1).Stdout;
            var both = $"{value}\n{value}\n";
            await Eventually.HoldsAsync(
                () => File.ReadAllText(output).Length >= both.Length,
                "the job has shown its value"
            );
            Assert.Equal(both, await File.ReadAllTextAsync(output));
            await using var terminal = await TerminalClient.OpenAsync(
                executor.Home.TerminalSocket,
                new OpenTerminal
                {
                    Jid = job.Jid,
                    Kind = TerminalKind.Command,
                    Command = Show,
                }
            );
            Assert.Equal(0, (await terminal.ClosedAsync()).ExitCode);
            Assert.Equal(both, terminal.Text);
        }
    }

    private static int ValueOf(int pid) =>
        int.Parse(
            File.ReadAllText($"/proc/{pid}/oom_score_adj"),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture
        );
}
