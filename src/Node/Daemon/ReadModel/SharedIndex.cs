using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>
/// The index of a node whose store others use too: it hears only of segments that live here. Before
/// it answers, the segments that have committed more than it knows are asked for their rows, so
/// that what was acknowledged anywhere is found everywhere. Questions that come meanwhile share the
/// next look.
/// </summary>
/// <param name="Index">This node's own.</param>
/// <param name="Heads">How far the journal goes.</param>
/// <param name="Segments">The region.</param>
internal sealed record SharedIndexPorts(
    IActorRef Index,
    Func<Task<IReadOnlyList<SegmentHead>>> Heads,
    IActorRef Segments,
    int PageBytes,
    int SegmentsAtOnce,
    TimeSpan Within
);

/// <inheritdoc cref="SharedIndexPorts"/>
internal sealed class SharedIndex : UntypedActor
{
    /// <summary>How often a segment is asked in the time that it has to answer.</summary>
    private const int Asks = 10;

    private readonly SharedIndexPorts _ports;
    private List<(object Question, IActorRef Asker)> _waiting = [];
    private List<(object Question, IActorRef Asker)> _taken = [];

    public SharedIndex(SharedIndexPorts ports) => _ports = ports;

    public static Props Props(SharedIndexPorts ports) =>
        Akka.Actor.Props.Create(() => new SharedIndex(ports));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Current:
                foreach (var (question, asker) in _taken)
                    _ports.Index.Tell(question, asker);
                GoOn();
                break;
            case Akka.Actor.Status.Failure failure:
                foreach (var (_, asker) in _taken)
                    asker.Tell(failure);
                GoOn();
                break;
            default:
                _waiting.Add((message, Sender));
                if (_taken.Count == 0)
                    GoOn();
                break;
        }
    }

    private void GoOn()
    {
        (_taken, _waiting) = (_waiting, []);
        if (_taken.Count > 0)
            CatchUpAsync().PipeTo(Self, success: () => new Current());
    }

    private async Task CatchUpAsync()
    {
        var heads = await _ports.Heads();
        var behind = await _ports.Index.Ask<SegmentsStale>(new FindBehind(heads), _ports.Within);
        foreach (var some in behind.Segments.Chunk(_ports.SegmentsAtOnce))
        foreach (var rows in await Task.WhenAll(some.Select(ReadAsync)))
            _ports.Index.Tell(rows);
    }

    /// <summary>All rows of a segment; pages may be of different commits, and the oldest
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
        return new(segment, sequenceNr, page.Unfinished, rows);
    }

    /// <exception cref="RefusedException">The segment cannot be used now.</exception>
    private async Task<RowsRead> PageAsync(long segment, long from)
    {
        var read = new ReadRows { From = from, MaxBytes = _ports.PageBytes };
        for (var asked = 1; ; asked++)
            try
            {
                var reply = await _ports.Segments.Ask<SegmentReply>(
                    new SegmentRequest { Segment = segment, Rows = read },
                    _ports.Within / Asks
                );
                return reply.Rows ?? throw new RefusedException(reply.Refusal);
            }
            catch (AskTimeoutException) when (asked < Asks)
            {
                // The question was lost with the segment's node; its next one can be asked.
            }
    }

    private sealed record Current;
}
