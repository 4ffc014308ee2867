using JobCloud.Node.Executor.Cgroups;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Cgroups;

public sealed class CgroupLifeTests
{
    private const int Jobs = 1_000;

    /// <summary>A unique argument that identifies the processes of this run.</summary>
    private readonly string _seconds = $"97.{Random.Shared.Next(100_000, 999_999)}";

    [Fact]
    public async Task A_thousand_mixed_jobs_leave_no_process_and_no_cgroup()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var hasCgroups = agent.Inventory.Limits.StartsWith("cgroup v");
        var jobs = Enumerable.Range(0, Jobs).Select(i => Mixed(i, hasCgroups)).ToArray();

        foreach (var batch in jobs.Chunk(100))
        {
            agent.Send([.. batch.Select(job => new ToExecutor { Start = job })]);
            foreach (var job in batch.Where(job => job.Command.StartsWith("sleep")))
                agent.Stop(job.Jid, graceMs: 100);
            foreach (var job in batch)
                await agent.EndedAsync(job.Jid);
        }

        Assert.Empty(Sleepers());
        var parents = hasCgroups ? await File.ReadAllLinesAsync(executor.Home.Cgroups) : [];
        Assert.All(parents, parent => Assert.Empty(CgroupFolder.Pids(parent)!));
        await Eventually.HoldsAsync(
            () => parents.All(p => Directory.GetDirectories(p).Length <= 64),
            "cgroups that cannot be reused were removed"
        );
        await executor.EndAsync();
        Assert.All(parents, parent => Assert.False(Directory.Exists(parent), parent));
    }

    [Fact]
    public async Task The_next_executor_kills_processes_in_the_cgroups_of_a_crashed_one()
    {
        await using var first = await ExecutorProcess.StartAsync();
        await using var agent = await first.TalkAsync(Greeting);
        if (!agent.Inventory.Limits.StartsWith("cgroup v"))
            return;
        // The daemon has no mark, session or parent of its job; only the cgroup identifies it.
        var job = Job($"env -i setsid -f sleep {_seconds}; sleep {_seconds}");
        agent.Start(job);
        await Eventually.HoldsAsync(() => Sleepers().Count == 2, "both processes started");
        await first.CrashAsync();

        await using var second = await ExecutorProcess.StartAsync(first.Home);
        await using var newAgent = await second.TalkAsync(Greeting);

        Assert.Empty(Sleepers());
        var parents = await File.ReadAllLinesAsync(second.Home.Cgroups);
        Assert.All(parents, parent => Assert.Empty(Directory.GetDirectories(parent)));
        Assert.Equal(0, await second.EndAsync());
        Assert.All(parents, parent => Assert.False(Directory.Exists(parent), parent));
    }

    [Fact]
    public async Task Jobs_run_without_cgroups_when_these_are_disabled()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var greeting = Greeting;
        greeting.Limits = new() { Cgroups = CgroupUse.Off };
        await using var agent = await executor.TalkAsync(greeting);
        var job = Job($"cat /proc/self/cgroup; setsid -f sleep {_seconds}");

        var ended = await agent.RunAsync(job);

        Assert.Equal(
            "not enforced (/proc sampling): disabled by jobcloud.executor.cgroups",
            agent.Inventory.Limits
        );
        var paths = executor.Home.Attempt(new Jid(job.Jid), 1);
        Assert.DoesNotContain("/jobcloud-", await File.ReadAllTextAsync(paths.Stdout));
        Assert.Equal(-1, ended.Usage.MemoryFailures);
        Assert.False(ended.Exit.OutOfMemory);
        Assert.Empty(Sleepers());
    }

    private StartProcess Mixed(int i, bool hasCgroups)
    {
        var job = Job(
            (i % 20) switch
            {
                0 => $"setsid -f sleep {_seconds}",
                1 when hasCgroups => $"env -i setsid -f sleep {_seconds}",
                2 => $"sleep {_seconds} & sleep {_seconds} & exit 3",
                3 => $"sleep {_seconds}",
                4 when hasCgroups && i % 3 == 0 => "tail /dev/zero; exit 0",
                5 when i % 5 == 0 => $"trap '' TERM; setsid -f sleep {_seconds}; exit 1",
                6 => "no-such-program",
                7 => "kill -9 $$",
                8 => $"(setsid sh -c 'sleep {_seconds} & sleep {_seconds} & wait' &) ; :",
                _ => "true",
            }
        );
        job.MemoryBytes = 30_000_000;
        job.Cores = 1;
        return job;
    }

    private List<string> Sleepers()
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                var commandLine = File.ReadAllText($"{folder}/cmdline");
                if (commandLine == $"sleep\0{_seconds}\0")
                    found.Add(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The entry is not a process, or the process has just exited.
            }
        }
        return found;
    }
}
