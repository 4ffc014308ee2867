using JobCloud.Protocol.Events;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Kills nodes in the middle of what they write into the store but for jobs: the row that
/// replaces others, the removal of the replaced ones, a file sent along, a migration. Each fault
/// causes what it interrupts, and repeats it until it succeeds.</summary>
public sealed class StoreKills(ChaosCloud cloud)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Where a node is held, and what becomes of its statement.</summary>
    /// <param name="Statement">The statement.</param>
    /// <param name="Table">Its table.</param>
    /// <param name="Rows">The rows at which it is held.</param>
    /// <param name="IsLost">Whether it is not committed.</param>
    private sealed record Place(string Statement, string Table, string Rows, bool IsLost);

    private static readonly Dictionary<FaultKind, Place> Places = new()
    {
        [FaultKind.KillBeforeCompaction] = new(
            "INSERT",
            "journal",
            $"NEW.manifest = '{WireNames.NameOf(typeof(SegmentCompacted))}'",
            IsLost: true
        ),
        [FaultKind.KillBeforeErase] = new("DELETE", "journal", "true", IsLost: true),
        [FaultKind.KillInErase] = new("DELETE", "journal", "true", IsLost: false),
        [FaultKind.KillInUpload] = new("INSERT", "blob_parts", "NEW.part = 1", IsLost: true),
        [FaultKind.KillInMigration] = new("UPDATE", "jobcloud_store", "true", IsLost: true),
    };

    private readonly StoreGate _gate = new(cloud.Store);
    private readonly StoreWork _work = new(cloud.Nodes);
    private readonly List<Violation> _violations = [];
    private string _version = "";

    public static bool Are(FaultKind kind) => Places.ContainsKey(kind);

    /// <param name="node">The node through which the work is requested, or that migrates.</param>
    public async Task InjectAsync(FaultKind kind, int node, TimeSpan lasts)
    {
        if (kind == FaultKind.KillInMigration)
            await InjectMigrationAsync(cloud.Nodes[node], lasts);
        else
            await InjectAsync(
                Places[kind],
                kind == FaultKind.KillInUpload
                    ? cancel => _work.UploadAsync(node, cancel)
                    : cancel => _work.DeleteAsync(node, cancel),
                lasts
            );
    }

    /// <summary>What is wrong at the end with what these faults have done, and with the
    /// store.</summary>
    public async Task<IReadOnlyList<Violation>> ViolationsAsync()
    {
        var found = await cloud.Nodes[0].CheckStoreAsync();
        if (found.Length > 0)
            _violations.Add(new(0, $"the store is damaged: {found}"));
        if (_version.Length > 0 && Version() != _version)
            _violations.Add(new(0, $"the store has version {Version()}, not {_version}"));
        if (cloud.Store.Query(Orphans) is not "0" and var orphans)
            _violations.Add(new(0, $"{orphans} rows of files belong to no file"));
        _violations.AddRange(await _work.ViolationsAsync());
        return _violations;
    }

    private const string Orphans =
        "SELECT count(*) FROM blob_parts WHERE parts NOT IN (SELECT parts FROM blobs)";

    private async Task InjectAsync(Place place, Func<CancellationToken, Task> work, TimeSpan lasts)
    {
        using var giveUp = new CancellationTokenSource(Limit);
        _gate.Close($"{place.Statement} ON {place.Table}", place.Rows);
        var working = work(giveUp.Token);
        try
        {
            var held = await HeldAsync(place);
            Processes.Signal(held.NodePids, Processes.Kill);
            if (place.IsLost)
                _gate.Lose(held.Name);
        }
        finally
        {
            _gate.Open(place.Table);
        }
        await Task.Delay(lasts, CancellationToken.None);
        await working;
    }

    private async Task InjectMigrationAsync(ChaosNode node, TimeSpan lasts)
    {
        var place = Places[FaultKind.KillInMigration];
        node.KillAll();
        _version = Version();
        cloud.Store.Query("UPDATE jobcloud_store SET version = version - 1");
        var earlier = Version();
        _gate.Close($"{place.Statement} ON {place.Table}", place.Rows);
        try
        {
            node.Start();
            var held = await HeldAsync(place);
            held.KillAll();
            _gate.Lose(held.Name);
            if (Version() != earlier)
                _violations.Add(new(0, "a killed migration was committed"));
        }
        finally
        {
            _gate.Open(place.Table);
        }
        await Task.Delay(lasts);
        node.Start();
        await ChaosCloud.IsReadyAsync(node);
    }

    private async Task<ChaosNode> HeldAsync(Place place)
    {
        string? name = null;
        await Eventually.HoldsAsync(
            () => (name = _gate.Held()) is not null,
            $"a node reaches {place.Statement} ON {place.Table}",
            Limit
        );
        return cloud.Nodes.First(node => node.Name == name);
    }

    private string Version() => cloud.Store.Query("SELECT max(version) FROM jobcloud_store");
}
