using System.Data.Common;
using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>
/// Gives an index that lacks much, such as a new one, the rows of segments from their journals, one
/// segment at a time: waking all of them would need the memory for all jobs of the store. A segment
/// that must be awake remains to be woken.
/// </summary>
internal sealed class IndexRebuild(
    IActorRef index,
    JournalReader journal,
    ILoggingAdapter log,
    TimeSpan within
)
{
    /// <summary>So many segments send their rows themselves.</summary>
    private const int Few = 64;

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="heads">All segments of the journal.</param>
    /// <exception cref="DbException">The store is not available.</exception>
    public async Task RunAsync(IReadOnlyList<SegmentHead> heads)
    {
        await _turn.WaitAsync();
        try
        {
            var behind = await BehindAsync(heads);
            if (behind.Count <= Few)
                return;
            log.Info("The index lacks {0} segments; reading them from the journal.", behind.Count);
            // Newer jobs are asked for more often.
            foreach (var some in behind.OrderByDescending(head => head.Segment).Chunk(Few))
            {
                foreach (var head in some)
                    if (await RowsAsync(head) is { } rows)
                        index.Tell(rows);
                // It answers when it has written them, so that few wait in memory.
                await BehindAsync(some);
            }
            log.Info("The index is complete.");
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<List<SegmentHead>> BehindAsync(IReadOnlyList<SegmentHead> heads)
    {
        var reply = await index.Ask<SegmentsStale>(new FindSegmentsBehind(heads), within);
        var numbers = reply.Segments.ToHashSet();
        return [.. heads.Where(head => numbers.Contains(head.Segment))];
    }

    /// <returns>Null: the journal is damaged, or changes; the segment itself must say what it
    /// has.</returns>
    private async Task<SliceRows?> RowsAsync(SegmentHead head)
    {
        var segment = new Segment(head.Segment);
        try
        {
            await foreach (
                var row in journal.ReadRawAsync(
                    head.Segment,
                    head.SequenceNr,
                    CancellationToken.None
                )
            )
                if (!Apply(segment, row))
                    return null;
        }
        catch (ImpossibleEventException)
        {
            return null;
        }
        return SliceRowBuilder.Changed(
            segment,
            SegmentMessages.OnRecovered(segment),
            head.SequenceNr,
            hasToErase: segment.UnerasedSince > 0 || !await journal.IsSweptAsync(head.Segment),
            isWhole: true,
            []
        );
    }

    private static bool Apply(Segment segment, object? row)
    {
        switch (row)
        {
            case SegmentCompacted compacted:
                segment.Restore(compacted);
                return true;
            case JobsChanged changed:
                foreach (var e in changed.Events)
                    segment.Apply(e);
                return true;
            default:
                return false;
        }
    }
}
