using System.Data.Common;
using Akka.Actor;
using Akka.Event;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Deletes the rows of segments that a later row replaces, a few at a time, so that no
/// commit waits for long. Of an embedded store it then empties the write-ahead log, so that their
/// bytes are in no file, and gives free space back to the disk.</summary>
internal sealed class JournalSweeper : ReceiveActor, IWithTimers
{
    /// <summary>Deletes the rows of a segment below a sequence number. Answered with <see
    /// cref="Swept"/>.</summary>
    public sealed record SweepBelow(long Segment, long Below);

    /// <summary>The rows are gone.</summary>
    public sealed record Swept(long Below);

    // Each statement holds the write lock of an embedded store: for about a millisecond.
    private const int RowsAtOnce = 64;
    private const int PagesAtOnce = 64;

    /// <summary>Free pages that stay for the next commits: 1 MiB.</summary>
    private const long FreePagesKept = 256;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BusyDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>The pause after each statement, for the commits that wait.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private const string Delete = """
        DELETE FROM journal WHERE ordering IN (
            SELECT ordering FROM journal
            WHERE persistence_id = @id AND sequence_number < @below
            ORDER BY sequence_number LIMIT @limit)
        """;

    private readonly NodeStore _store;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<long, (long Below, IActorRef For)> _wanted = [];
    private readonly CancellationTokenSource _stopped = new();
    private bool _failing;

    public JournalSweeper(NodeStore store)
    {
        _store = store;
        Receive<SweepBelow>(sweep =>
        {
            _wanted[sweep.Segment] = (sweep.Below, Sender);
            if (!Timers.IsTimerActive(nameof(Work)))
                Timers.StartSingleTimer(nameof(Work), Work.Instance, Pause);
        });
        ReceiveAsync<Work>(_ => WorkAsync());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeStore store) =>
        Akka.Actor.Props.Create(() => new JournalSweeper(store));

    protected override void PostStop() => _stopped.Cancel();

    private async Task WorkAsync()
    {
        var wanted = _wanted.ToList();
        _wanted.Clear();
        try
        {
            await using var connection = await _store.ConnectToEraseAsync(_stopped.Token);
            foreach (var (segment, (below, _)) in wanted)
                await DeleteAsync(connection, segment, below);
            if (_store.Place.DatabaseFile is not null)
                await ShrinkAsync(connection);
            foreach (var (_, (below, to)) in wanted)
                to.Tell(new Swept(below));
            _failing = false;
        }
        catch (OperationCanceledException)
        {
            // The node stops. The next one finds these rows.
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            StorePools.Note(e);
            if (!_failing)
                _log.Warning("Rows of the journal cannot be deleted now: {0}", e.Message);
            _failing = true;
            foreach (var (segment, sweep) in wanted)
                _wanted.TryAdd(segment, sweep);
            Timers.StartSingleTimer(nameof(Work), Work.Instance, RetryDelay);
        }
    }

    private async Task DeleteAsync(DbConnection connection, long segment, long below)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Delete;
        command.Add("@id", ClusterNames.SegmentId(segment));
        command.Add("@below", below);
        command.Add("@limit", RowsAtOnce);
        while (await command.ExecuteNonQueryAsync(_stopped.Token) == RowsAtOnce)
            await Task.Delay(Pause, _stopped.Token);
    }

    private async Task ShrinkAsync(DbConnection connection)
    {
        while (await connection.NumberAsync("PRAGMA freelist_count", _stopped.Token) is var free)
        {
            if (free <= FreePagesKept)
                break;
            await connection.NumberAsync(
                $"PRAGMA incremental_vacuum({PagesAtOnce})",
                _stopped.Token
            );
            if (await connection.NumberAsync("PRAGMA freelist_count", _stopped.Token) == free)
                break;
            await Task.Delay(Pause, _stopped.Token);
        }
        // The first moves nearly all pages without a lock that commits wait for.
        await connection.NumberAsync("PRAGMA wal_checkpoint(PASSIVE)", _stopped.Token);
        while (await connection.NumberAsync("PRAGMA wal_checkpoint(TRUNCATE)", _stopped.Token) != 0)
            await Task.Delay(BusyDelay, _stopped.Token);
    }

    private sealed class Work
    {
        public static readonly Work Instance = new();
    }
}
