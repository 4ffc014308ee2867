using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The index of a node that shares its store with others. It receives rows only from
/// segments on this node. Before it answers, it reads the rows of all segments with newer commits,
/// so that everything acknowledged anywhere is found everywhere. Questions that arrive meanwhile
/// share the next catch-up. By itself it reads again what it has of segments that were compacted,
/// since data of deleted jobs may be in it.</summary>
/// <param name="Index">The index of this node.</param>
/// <param name="Heads">Reads the end of each segment's journal.</param>
/// <param name="Compacted">Reads the segments that were compacted after a row of the
/// journal.</param>
/// <param name="Segments">The shard region of the segments.</param>
/// <param name="ForgetInterval">How often it looks for compacted segments.</param>
internal sealed record SharedIndexDependencies(
    IActorRef Index,
    Func<Task<IReadOnlyList<SegmentHead>>> Heads,
    Func<long, Task<CompactedSegments>> Compacted,
    IActorRef Segments,
    int PageBytes,
    int SegmentsAtOnce,
    TimeSpan Within,
    TimeSpan ForgetInterval
);

/// <inheritdoc cref="SharedIndexDependencies"/>
internal sealed class SharedIndex : UntypedActor, IWithTimers
{
    /// <summary>Number of times that a segment is asked within its time limit.</summary>
    private const int AsksPerTimeout = 10;

    private readonly SharedIndexDependencies _ports;
    private List<(object Question, IActorRef Asker)> _waiting = [];
    private List<(object Question, IActorRef Asker)> _current = [];

    /// <summary>The newest rows of the journal at the last look for compacted segments and at the
    /// one before: a row can become visible after rows with higher numbers.</summary>
    private (long Last, long Before) _looked;

    public SharedIndex(SharedIndexDependencies ports) => _ports = ports;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SharedIndexDependencies ports) =>
        Akka.Actor.Props.Create(() => new SharedIndex(ports));

    protected override void PreStart() => LookLater();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CaughtUp:
                foreach (var (question, asker) in _current)
                    _ports.Index.Tell(question, asker);
                StartNext();
                break;
            case LookForCompacted:
                ForgetAsync()
                    .PipeTo(
                        Self,
                        success: newest => new Looked(newest),
                        failure: _ => new Looked(null)
                    );
                break;
            case Looked looked:
                if (looked.Newest is { } newest)
                    _looked = (newest, _looked.Last);
                LookLater();
                break;
            case Akka.Actor.Status.Failure failure:
                foreach (var (_, asker) in _current)
                    asker.Tell(failure);
                StartNext();
                break;
            case ListSubmissions { After: not null }:
                // A later page of a list whose first page was caught up.
                _ports.Index.Forward(message);
                break;
            default:
                _waiting.Add((message, Sender));
                if (_current.Count == 0)
                    StartNext();
                break;
        }
    }

    private void StartNext()
    {
        (_current, _waiting) = (_waiting, []);
        if (_current.Count > 0)
            CatchUpAsync().PipeTo(Self, success: () => new CaughtUp());
    }

    private async Task CatchUpAsync()
    {
        var heads = await _ports.Heads();
        var behind = await _ports.Index.Ask<SegmentsStale>(
            new FindSegmentsBehind(heads),
            _ports.Within
        );
        await foreach (var rows in ReadAllAsync(behind))
            _ports.Index.Tell(rows);
    }

    private void LookLater() =>
        Timers.StartSingleTimer(
            LookForCompacted.Instance,
            LookForCompacted.Instance,
            _ports.ForgetInterval
        );

    /// <summary>Reads the compacted segments again of which the index has older rows.</summary>
    /// <returns>The newest row of the journal.</returns>
    private async Task<long?> ForgetAsync()
    {
        var compacted = await _ports.Compacted(_looked.Before);
        var behind = await _ports.Index.Ask<SegmentsStale>(
            new FindSegmentsBehind(compacted.Segments, OnlyKnown: true),
            _ports.Within
        );
        await foreach (var rows in ReadAllAsync(behind))
            _ports.Index.Tell(rows with { HasErased = true });
        return compacted.Newest;
    }

    private async IAsyncEnumerable<SliceRows> ReadAllAsync(SegmentsStale behind)
    {
        foreach (var some in behind.Segments.Chunk(_ports.SegmentsAtOnce))
        foreach (var rows in await Task.WhenAll(some.Select(ReadAsync)))
            yield return rows;
    }

    /// <summary>Reads all rows of a segment. Pages can be of different commits; the oldest
    /// counts.</summary>
    private async Task<SliceRows> ReadAsync(long segment)
    {
        var rows = new List<FeedSlice>();
        var sequenceNr = long.MaxValue;
        RowsRead page;
        var from = 0L;
        do
        {
            page = await PageAsync(segment, from);
            rows.AddRange(page.Slices);
            (sequenceNr, from) = (Math.Min(sequenceNr, page.SequenceNr), page.Next);
        } while (from > 0);
        return new(segment, sequenceNr, page.Unfinished, rows, Totals: page.Totals)
        {
            Highest = page.Highest,
            HasToErase = page.HasToErase,
            HasErased = page.Totals.Count > 0 && page.Totals[0] > 0 && !page.HasToErase,
            IsWhole = true,
        };
    }

    /// <exception cref="RefusedException">The segment refused.</exception>
    private async Task<RowsRead> PageAsync(long segment, long from)
    {
        var read = new ReadRows { From = from, MaxBytes = _ports.PageBytes };
        for (var asks = 1; ; asks++)
            try
            {
                var reply = await _ports.Segments.Ask<SegmentReply>(
                    new SegmentRequest { Segment = segment, Rows = read },
                    _ports.Within / AsksPerTimeout
                );
                return reply.Rows ?? throw new RefusedException(reply.Refusal);
            }
            catch (AskTimeoutException) when (asks < AsksPerTimeout)
            {
                // The question was lost with the segment's node; ask the segment on its new node.
            }
    }

    private sealed record CaughtUp;

    private sealed class LookForCompacted
    {
        public static readonly LookForCompacted Instance = new();
    }

    /// <param name="Newest">Null: that failed, and is repeated.</param>
    private sealed record Looked(long? Newest);
}
