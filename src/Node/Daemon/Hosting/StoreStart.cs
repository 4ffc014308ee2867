using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.StoreCommands;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Opens the store of a home: the one that the home knows, or an empty one if the operator
/// wants that.</summary>
internal static class StoreStart
{
    /// <exception cref="CannotStartException">The store is not that of this home, or cannot be
    /// opened.</exception>
    public static async Task<NodeStore> OpenAsync(
        NodeSettings settings,
        NodeLog log,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var paths = settings.Paths;
        if (StoreRestore.Finish(paths, now))
            log.Write(LogLevel.Warning, "store", "Ended a restore that was interrupted.");
        var fresh = new NewStore(paths, now);
        var isNewWanted = fresh.IsWanted;
        if (isNewWanted && settings.Store.Provider == StoreProvider.Sqlite)
            fresh.SetJournalAside();
        var indexed = new Lazy<KnownStore>(() => IndexMemory.Read(paths.Index));
        var expected = new StoreExpectation(
            all => all ? KnownOf(paths, indexed.Value) : indexed.Value,
            isNewWanted,
            // With a weaker durability, a power loss may take commits that the index has.
            fresh.IsOlderWanted || !settings.Store.SurvivesPowerLoss
        );
        var store = await NodeStore.OpenAsync(
            settings.Store,
            paths,
            now,
            cancel,
            expected,
            sentence => log.Write(LogLevel.Warning, "store", sentence)
        );
        if (isNewWanted)
        {
            fresh.Finish();
            log.Write(
                LogLevel.Warning,
                "store",
                $"Started with another store ({store.Description}), as requested; the earlier "
                    + $"files are in {paths.Store} under other names."
            );
        }
        if (fresh.IsOlderWanted)
        {
            fresh.FinishOlder();
            log.Write(
                LogLevel.Warning,
                "store",
                $"Uses an older store ({store.Description}), as requested; the index is rebuilt."
            );
        }
        return store;
    }

    /// <summary>What everything in the home tells.</summary>
    private static KnownStore KnownOf(HomePaths paths, KnownStore indexed)
    {
        long[] highest =
        [
            indexed.HighestJid,
            OutputStore.HighestJid(paths),
            AttemptMemory.HighestJid(paths),
        ];
        return indexed with { HighestJid = highest.Max() };
    }
}
