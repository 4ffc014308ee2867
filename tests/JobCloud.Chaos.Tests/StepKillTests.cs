using JobCloud.Testing;

namespace JobCloud.Chaos.Tests;

/// <summary>Nodes and store programs with an embedded store, killed at many steps of what they
/// write.</summary>
[Collection("clouds, one at a time")]
public sealed class StepKillTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-steps-").FullName;
    private readonly StepKills _kills = new();

    public void Dispose()
    {
        _kills.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Among the steps are those of the migration, and of rebuilding the file.</summary>
    [StepKillFact]
    public async Task A_node_killed_while_it_brings_a_store_to_this_version_starts_with_all_jobs()
    {
        using var node = Node("migrating");
        foreach (var step in new[] { 1, 12, 40, 90 })
        {
            node.PlaceStore(
                SourceTree.PathOf("tests/JobCloud.Node.Tests/Store/Version1/journal.db")
            );
            _kills.Order(step, "/store/journal.db");
            node.Start();
            try
            {
                await Eventually.HoldsAsync(() => !_kills.IsAhead, $"killed at {step}", Limit);
                await Eventually.HoldsAsync(node.IsReadyAsync, $"ready after {step}", Limit);
                await IsSoundAsync(node);
                var exported = await node.StoreAsync("export");
                Assert.Equal(7, exported.Output.Split('\n').Length);
            }
            finally
            {
                node.KillAll();
            }
        }
    }

    /// <summary>Among the steps are the commits of jobs, the compacted row, the removal of the rows
    /// before it, the return of space to the disk, and the parts of a file.</summary>
    [StepKillFact]
    public async Task A_node_killed_while_it_erases_jobs_and_takes_files_loses_nothing()
    {
        using var node = Node("erasing", "jobcloud.segments.erase-within = 1s");
        node.Start();
        try
        {
            await Eventually.HoldsAsync(node.IsReadyAsync, "ready", Limit);
            var work = new StoreWork([node]);
            using var giveUp = new CancellationTokenSource(Limit);
            foreach (var (commit, part) in new[] { (2, 1), (9, 4), (40, 13) })
            {
                _kills.Order(commit, "/store/journal.db");
                while (_kills.IsAhead)
                    await work.DeleteAsync(0, giveUp.Token);
                _kills.Order(part, "/store/blobs/");
                while (_kills.IsAhead)
                    await work.UploadAsync(0, giveUp.Token);
            }
            await Eventually.HoldsAsync(node.IsReadyAsync, "ready again", Limit);
            Assert.Empty(await work.ViolationsAsync());
            await IsSoundAsync(node);
        }
        finally
        {
            node.KillAll();
        }
    }

    [StepKillFact]
    public async Task A_killed_backup_is_none_and_a_killed_restore_is_ended_by_the_next()
    {
        using var node = Node("kept");
        node.PlaceStore(SourceTree.PathOf("tests/JobCloud.Node.Tests/Store/Version1/journal.db"));
        var jobs = (await node.StoreAsync("export")).Output;
        var backup = $"{_folder}/backup.tar";
        foreach (var step in Steps())
        {
            _kills.Order(step, backup);
            var made = await node.StoreAsync("backup", backup);
            Assert.Equal(_kills.IsAhead ? 0 : 137, made.ExitCode);
            // The renaming is what makes it one; it is complete then.
            if (File.Exists(backup))
                break;
        }
        // The next one removes what a killed one has left.
        Assert.Equal(0, (await node.StoreAsync("backup", backup)).ExitCode);
        Assert.Equal([backup], Directory.GetFiles(_folder));
        Assert.Equal(jobs, (await node.StoreAsync("export")).Output);
        foreach (var step in Steps())
        {
            using var other = Node($"restored{step}");
            _kills.Order(step, $"/restored{step}/");
            var restored = await other.StoreAsync("restore", backup);
            var isKilled = !_kills.IsAhead;
            Assert.Equal(isKilled ? 137 : 0, restored.ExitCode);
            // What is decided is ended; else it begins anew.
            var again = await other.StoreAsync("restore", backup);
            Assert.True(
                again.ExitCode == 0 || again.Output.Contains("has a store already"),
                again.Output
            );
            Assert.Equal(jobs, (await other.StoreAsync("export")).Output);
            Assert.Equal("", await other.CheckStoreAsync());
            if (!isKilled)
                break;
        }
    }

    /// <summary>The index of a node that has just started may be behind for a moment.</summary>
    private static Task IsSoundAsync(ChaosNode node) =>
        Eventually.HoldsAsync(
            async () => (await node.CheckStoreAsync()).Length == 0,
            "the check finds nothing",
            Limit
        );

    /// <summary>Every step at first, then some.</summary>
    private static IEnumerable<int> Steps()
    {
        for (var step = 1; ; step += 1 + step / 2)
            yield return step;
    }

    private ChaosNode Node(string name, string settings = "") =>
        ChaosNode.Single(_folder, ChaosCloud.BuiltPrograms(), name, settings, _kills.Variables);
}
