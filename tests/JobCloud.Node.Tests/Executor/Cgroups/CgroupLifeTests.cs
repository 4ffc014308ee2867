using JobCloud.Node.Executor.Cgroups;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Cgroups;

public sealed class CgroupLifeTests
{
    private const int Jobs = 1_000;

    /// <summary>Tells the processes of this run apart from all others.</summary>
    private readonly string _nap = $"97.{Random.Shared.Next(100_000, 999_999)}";

    [Fact]
    public async Task Of_a_thousand_jobs_of_all_kinds_no_process_and_no_cgroup_is_left()
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

        Assert.Empty(Naps());
        var parents = hasCgroups ? await File.ReadAllLinesAsync(executor.Home.Cgroups) : [];
        Assert.All(parents, parent => Assert.Empty(CgroupFolder.Pids(parent)));
        await Eventually.HoldsAsync(
            () => parents.All(p => Directory.GetDirectories(p).Length <= 64),
            "cgroups that cannot be used again are gone"
        );
        await executor.EndAsync();
        Assert.All(parents, parent => Assert.False(Directory.Exists(parent), parent));
    }

    [Fact]
    public async Task What_a_crashed_executor_left_in_its_cgroups_is_ended_by_the_next()
    {
        await using var first = await ExecutorProcess.StartAsync();
        await using var agent = await first.TalkAsync(Greeting);
        if (!agent.Inventory.Limits.StartsWith("cgroup v"))
            return;
        // No mark, no session, no parent: only the cgroup tells whose it is.
        var job = Job($"env -i setsid -f sleep {_nap}; sleep {_nap}");
        agent.Start(job);
        await Eventually.HoldsAsync(() => Naps().Count == 2, "both of its processes");
        await first.CrashAsync();

        await using var second = await ExecutorProcess.StartAsync(first.Home);
        await using var newAgent = await second.TalkAsync(Greeting);

        Assert.Empty(Naps());
        var parents = await File.ReadAllLinesAsync(second.Home.Cgroups);
        Assert.All(parents, parent => Assert.Empty(Directory.GetDirectories(parent)));
        Assert.Equal(0, await second.EndAsync());
        Assert.All(parents, parent => Assert.False(Directory.Exists(parent), parent));
    }

    [Fact]
    public async Task Switched_off_they_are_not_used_and_all_else_works()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var greeting = Greeting;
        greeting.Limits = new() { Cgroups = CgroupUse.Off };
        await using var agent = await executor.TalkAsync(greeting);
        var job = Job($"cat /proc/self/cgroup; setsid -f sleep {_nap}");

        var ended = await agent.RunAsync(job);

        Assert.Equal(
            "not enforced (/proc sampling): switched off by jobcloud.executor.cgroups",
            agent.Inventory.Limits
        );
        var paths = executor.Home.Attempt(job.Jid, 1);
        Assert.DoesNotContain("/jobcloud-", await File.ReadAllTextAsync(paths.Stdout));
        Assert.Equal(-1, ended.Usage.MemoryFailures);
        Assert.False(ended.Exit.OutOfMemory);
        Assert.Empty(Naps());
    }

    private StartProcess Mixed(int i, bool hasCgroups)
    {
        var job = Job(
            (i % 20) switch
            {
                0 => $"setsid -f sleep {_nap}",
                1 when hasCgroups => $"env -i setsid -f sleep {_nap}",
                2 => $"sleep {_nap} & sleep {_nap} & exit 3",
                3 => $"sleep {_nap}",
                4 when hasCgroups && i % 3 == 0 => "tail /dev/zero; exit 0",
                5 when i % 5 == 0 => $"trap '' TERM; setsid -f sleep {_nap}; exit 1",
                6 => "no-such-program",
                7 => "kill -9 $$",
                8 => $"(setsid sh -c 'sleep {_nap} & sleep {_nap} & wait' &) ; :",
                _ => "true",
            }
        );
        job.MemoryBytes = 30_000_000;
        job.Cores = 1;
        return job;
    }

    private List<string> Naps()
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                var words = File.ReadAllText($"{folder}/cmdline");
                if (words == $"sleep\0{_nap}\0")
                    found.Add(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not a process, or one that has just ended.
            }
        }
        return found;
    }
}
