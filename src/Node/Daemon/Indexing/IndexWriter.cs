using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Gathers changes, the latest of each slice, and writes them in one
/// transaction.</summary>
internal sealed class IndexWriter(DbConnection connection) : IDisposable
{
    private readonly Dictionary<long, FeedSlice?> _slices = [];
    private readonly Dictionary<long, SliceRows> _segments = [];
    private readonly HashSet<long> _whole = [];

    /// <summary>The newest commit received from each segment.</summary>
    private readonly Dictionary<long, long> _newest = [];
    private readonly DbCommand _upsertSlice = Prepare(
        connection,
        IndexTables.UpsertSlice,
        SliceColumns.All.Select(column => column.Name)
    );
    private readonly DbCommand _upsertSegment = Prepare(
        connection,
        IndexTables.UpsertSegment,
        IndexTables.SegmentColumns
    );
    private readonly DbCommand _deleteSlice = Prepare(
        connection,
        IndexTables.DeleteSlice,
        ["first"]
    );

    private readonly DbCommand _deleteSlices = Prepare(
        connection,
        IndexTables.DeleteSlices,
        ["first", "last"]
    );

    private readonly DbCommand _deleteSegment = Prepare(
        connection,
        IndexTables.DeleteSegment,
        ["segment"]
    );

    /// <summary>Number of slices that wait to be written.</summary>
    public int Pending => _slices.Count;

    public bool Idle => _segments.Count == 0;

    public void Add(SliceRows changed)
    {
        // A message from before a segment moved between nodes can arrive late, as can a reply
        // overtaken by newer rows.
        if (_newest.GetValueOrDefault(changed.Segment) > changed.SequenceNr)
            return;
        _newest[changed.Segment] = changed.SequenceNr;
        _segments[changed.Segment] = changed;
        if (changed.IsWhole)
        {
            _whole.Add(changed.Segment);
            for (var first = Segments.First(changed.Segment); first <= changed.Highest; first++)
                _slices.Remove(first);
        }
        HasErased |= changed.HasErased;
        foreach (var slice in changed.Rows)
            _slices[slice.Row.First] = slice;
        foreach (var first in changed.Removed ?? [])
            _slices[first] = null;
    }

    /// <summary>Whether data of deleted jobs must leave the write-ahead log too.</summary>
    public bool HasErased { get; private set; }

    public void Write()
    {
        if (Idle && !HasErased)
            return;
        using var transaction = connection.BeginTransaction();
        foreach (var segment in _whole)
        {
            Execute(transaction, _deleteSlices, Segments.First(segment), Segments.Last(segment));
            Execute(transaction, _deleteSegment, segment);
        }
        foreach (var (first, slice) in _slices)
            if (slice is null)
                Execute(transaction, _deleteSlice, first);
            else
                Execute(transaction, _upsertSlice, Values(slice));
        var written = _slices.Values.OfType<FeedSlice>().ToLookup(s => Segments.Of(s.Row.First));
        foreach (var segment in _segments.Values)
            Execute(transaction, _upsertSegment, Values(segment, written[segment.Segment]));
        transaction.Commit();
        _slices.Clear();
        _segments.Clear();
        _whole.Clear();
        if (HasErased)
            EmptyLog();
    }

    /// <summary>Empties the write-ahead log. The index has one connection, so no other reader
    /// delays this.</summary>
    private void EmptyLog()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
        HasErased = false;
    }

    /// <summary>Deletes the slices of segments that the journal does not have. Keeps segments that
    /// have sent rows since the index was opened: they are newer than the journal that was
    /// read.</summary>
    public void Forget(IEnumerable<long> segments)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var segment in segments)
            if (!_newest.ContainsKey(segment))
            {
                Execute(
                    transaction,
                    _deleteSlices,
                    Segments.First(segment),
                    Segments.Last(segment)
                );
                Execute(transaction, _deleteSegment, segment);
            }
        transaction.Commit();
    }

    public void Dispose()
    {
        _deleteSegment.Dispose();
        _deleteSlices.Dispose();
        _upsertSlice.Dispose();
        _upsertSegment.Dispose();
        _deleteSlice.Dispose();
    }

    /// <param name="written">The segment's slices that are written.</param>
    private static object[] Values(SliceRows segment, IEnumerable<FeedSlice> written) =>
        [
            segment.Segment,
            segment.SequenceNr,
            segment.Unfinished ? 1 : 0,
            segment.HasToErase ? 1 : 0,
            segment.Highest,
            .. Enumerable
                .Range(0, IndexTables.Totals.Count)
                .Select(status => (object)(segment.Totals?.ElementAtOrDefault(status) ?? 0)),
            .. SegmentSummary.Of(written),
        ];

    private static object[] Values(FeedSlice slice)
    {
        var values = new object[SliceColumns.All.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = SliceColumns.All[i].Get(slice);
        return values;
    }

    private static void Execute(
        DbTransaction transaction,
        DbCommand command,
        params ReadOnlySpan<object> values
    )
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private static DbCommand Prepare(
        DbConnection connection,
        string sql,
        IEnumerable<string> parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Add($"@{name}");
        return command;
    }
}
