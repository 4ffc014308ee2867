using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>The base of tests of terminals: long-running jobs and clients in them.</summary>
public abstract class TerminalStories(ExecutorFixture fixture)
{
    protected ExecutorFixture Fixture => fixture;
    protected ExecutorClient Agent => fixture.Agent;

    /// <summary>Starts a job and waits until it runs.</summary>
    protected async Task<StartProcess> RunningAsync(
        string command = "sleep 1000",
        Action<StartProcess>? with = null
    )
    {
        var job = Job(command);
        with?.Invoke(job);
        Agent.Start(job);
        await Agent.StartedAsync(job.Jid);
        return job;
    }

    /// <summary>Starts a shell job.</summary>
    protected Task<StartProcess> ShellJobAsync(bool keepAlive = false, long idleMs = 0) =>
        RunningAsync("", job => job.ShellJob = new() { KeepAlive = keepAlive, IdleMs = idleMs });

    protected Task<TerminalClient> OpenAsync(
        StartProcess job,
        TerminalKind kind,
        string command = "",
        bool pty = false,
        long takes = long.MaxValue,
        long window = 0
    ) =>
        TerminalClient.OpenAsync(
            fixture.Executor.Home.TerminalSocket,
            new()
            {
                Jid = job.Jid,
                Kind = kind,
                Command = command,
                WindowBytes = window,
                Pty = pty
                    ? new()
                    {
                        Term = "xterm-256color",
                        Size = new() { Columns = 91, Rows = 23 },
                    }
                    : null,
            },
            takes
        );

    /// <summary>Waits until a process of the job has this command line, and returns its
    /// pid.</summary>
    protected async Task<int> RunsAsync(StartProcess job, string commandLine)
    {
        var pid = 0;
        await Eventually.HoldsAsync(
            () =>
                (
                    pid = ProcessesOf
                        .Job(fixture.Executor.Home.Home, job.Jid)
                        .FirstOrDefault(process => process.Value == commandLine)
                        .Key
                ) != 0,
            $"{commandLine} is running"
        );
        return pid;
    }

    /// <summary>Waits until only the job's first process is alive.</summary>
    protected Task OnlyFirstProcessLeftAsync(StartProcess job) =>
        Eventually.HoldsAsync(
            () => ProcessesOf.Job(fixture.Executor.Home.Home, job.Jid).Count == 1,
            $"job {job.Jid} has one process"
        );

    protected Task<TerminalClient> ShellAsync(StartProcess job) =>
        OpenAsync(job, TerminalKind.Shell, pty: true);

    protected Task<TerminalClient> CommandAsync(StartProcess job, string command) =>
        OpenAsync(job, TerminalKind.Command, command);
}
