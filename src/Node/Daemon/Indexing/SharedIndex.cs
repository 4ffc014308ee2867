using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The index of a node that shares its store with others. It receives rows only from
/// segments on this node. Before it answers, it reads the rows of all segments with newer commits,
/// so that everything acknowledged anywhere is found everywhere; which these are, the newest rows
/// of the journal say. Questions that arrive meanwhile
/// share the next catch-up. By itself it reads again what it has of segments that were compacted,
/// since data of deleted jobs may be in it.</summary>
/// <param name="Index">The index of this node.</param>
/// <param name="Heads">Reads the ends of the journals of the segments that committed after a row of
/// the journal; null: of all.</param>
/// <param name="Compacted">Reads the segments that were compacted after a row of the
/// journal.</param>
/// <param name="Segments">The shard region of the segments.</param>
/// <param name="ForgetInterval">How often it looks for compacted segments.</param>
/// <param name="Late">The longest time from the number of a row to its acknowledgement.</param>
internal sealed record SharedIndexDependencies(
    IActorRef Index,
    Func<long?, Task<SegmentHeads>> Heads,
    Func<long, Task<SegmentHeads>> Compacted,
    IActorRef Segments,
    int PageBytes,
    int SegmentsAtOnce,
    TimeSpan Within,
    TimeSpan ForgetInterval,
    TimeSpan Late,
    TimeProvider Clock
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

    private readonly JournalMarks _marks;
    private readonly long _started;

    /// <summary>How often the index lost rows.</summary>
    private int _losses;

    public SharedIndex(SharedIndexDependencies ports)
    {
        (_ports, _marks) = (ports, new JournalMarks(ports.Late));
        _started = ports.Clock.GetTimestamp();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SharedIndexDependencies ports) =>
        Akka.Actor.Props.Create(() => new SharedIndex(ports));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(IndexFellBehind));
        LookLater();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CaughtUp caughtUp:
                if (caughtUp.Losses == _losses)
                    _marks.Note(caughtUp.At, caughtUp.Newest, caughtUp.Segments);
                foreach (var (question, asker) in _current)
                    _ports.Index.Tell(question, asker);
                StartNext();
                break;
            case IndexFellBehind:
                _losses++;
                _marks.Clear();
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
            case ListSubmissions { After: not null }
            or FindLives { Before: not null }
            or ListSpanning
            or ListSegments:
                // A later page, of what was caught up for the first page.
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
            CatchUpAsync(_losses).PipeTo(Self);
    }

    private async Task<CaughtUp> CatchUpAsync(int losses)
    {
        var now = _ports.Clock.GetElapsedTime(_started);
        var after = _marks.After(now);
        var heads = await _ports.Heads(after);
        var behind = await _ports.Index.Ask<SegmentsStale>(
            new FindSegmentsBehind(heads.Segments),
            _ports.Within
        );
        await foreach (var rows in ReadAllAsync(behind))
            _ports.Index.Tell(rows);
        return new CaughtUp(losses, now, heads.Newest, after is null ? heads.Segments.Count : null);
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

    /// <param name="Newest">The newest row that was read.</param>
    /// <param name="Segments">The number of all segments, if they were read.</param>
    private sealed record CaughtUp(int Losses, TimeSpan At, long Newest, int? Segments);

    private sealed class LookForCompacted
    {
        public static readonly LookForCompacted Instance = new();
    }

    /// <param name="Newest">Null: that failed, and is repeated.</param>
    private sealed record Looked(long? Newest);
}
