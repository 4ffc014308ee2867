using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using Xunit.Abstractions;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Starts of <c>true</c> a second, four at once, in turn with xargs. By hand:
/// <c>JOBCLOUD_BENCH=1 JOBCLOUD_TEST_PROGRAMS=artifacts/jobcloud dotnet test -c Release
/// --filter ThroughputBench --logger "console;verbosity=detailed"</c>.</summary>
public sealed class ThroughputBench(ITestOutputHelper output)
{
    private const int Jobs = 3_000;
    private const int AtOnce = 4;
    private const int Rounds = 4;

    [BenchFact]
    public async Task Starts_a_second_are_not_far_from_those_of_xargs()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(ExecutorFixture.Greeting);
        var ratios = new List<double>();
        long next = 1;
        for (var round = 0; round < Rounds; round++)
        {
            var before = CpuOf(executor.Pid);
            var ours = await RateAsync(() => RunJobsAsync(agent, next));
            var cost = (CpuOf(executor.Pid) - before) / Jobs;
            next += Jobs;
            var theirs = await RateAsync(RunXargsAsync);
            ratios.Add(ours / theirs);
            output.WriteLine(
                $"executor {ours:F0}/s, {cost.TotalMicroseconds:F0} µs of its CPU a job; "
                    + $"xargs -P{AtOnce} {theirs:F0}/s; ratio {ours / theirs:F2}"
            );
        }
        Assert.True(ratios.Max() > 0.7, "far slower than xargs");
    }

    private static async Task RunJobsAsync(ExecutorConversation agent, long first)
    {
        long started = first,
            ended = first;
        var last = first + Jobs;
        using var done = agent.OnEach(message =>
        {
            if (message.Ended is not { } end || end.Jid < first)
                return;
            Interlocked.Increment(ref ended);
            agent.Accept(end.Jid);
            if (Interlocked.Increment(ref started) <= last)
                agent.Start(Job(Volatile.Read(ref started) - 1));
        });
        started += AtOnce;
        for (var jid = first; jid < first + AtOnce; jid++)
            agent.Start(Job(jid));
        await Eventually.HoldsAsync(
            () => Volatile.Read(ref ended) >= last,
            "all ends",
            TimeSpan.FromMinutes(1)
        );
    }

    private static StartProcess Job(long jid) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Command = "true",
            Environment =
            {
                new Variable { Name = "JOBCLOUD_JID", Value = $"{jid}" },
                new Variable { Name = "JOBCLOUD_ATTEMPT", Value = "1" },
            },
        };

    private static async Task RunXargsAsync()
    {
        using var xargs = Process.Start(
            "/bin/sh",
            ["-c", $"seq {Jobs} | nice -n 5 xargs -P{AtOnce} -n1 true"]
        );
        await xargs.WaitForExitAsync();
    }

    private static async Task<double> RateAsync(Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        return Jobs / watch.Elapsed.TotalSeconds;
    }

    private static TimeSpan CpuOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime;
    }
}
