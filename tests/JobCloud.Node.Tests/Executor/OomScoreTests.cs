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
        var inherited = ValueOf(Environment.ProcessId);
        await Eventually.HoldsAsync(
            () => ValueOf(executor.Pid) is var value && (value == -900 || value == inherited),
            "the executor has a value of its own"
        );
        if (ValueOf(executor.Pid) == inherited)
            return; // A container may not lower it: the next test holds.
        await AssertJobsHaveAsync(executor, 0);
        await AssertExecutorHasAsync(executor, -900);
    }

    [RootFact]
    public async Task Jobs_end_before_an_executor_that_cannot_lower_its_own_value()
    {
        await using var executor = await ExecutorProcess.StartAsync(within: WithoutRight);
        var inherited = ValueOf(Environment.ProcessId);
        await AssertExecutorHasAsync(executor, inherited);
        await AssertJobsHaveAsync(executor, Math.Min(1000, inherited + 300));
        await AssertExecutorHasAsync(executor, inherited);
    }

    // While it starts a child, the executor has the child's value.
    private static Task AssertExecutorHasAsync(ExecutorProcess executor, int value) =>
        Eventually.HoldsAsync(
            () => ValueOf(executor.Pid) == value,
            $"the executor has the value {value}"
        );

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
