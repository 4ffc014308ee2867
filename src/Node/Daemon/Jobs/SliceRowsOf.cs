using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>What the index is told of a segment.</summary>
internal static class SliceRowsOf
{
    /// <summary>As much of a command as a list shows, and can be searched.</summary>
    private const int CommandCharacters = 500;

    /// <summary>The slices that a commit touched.</summary>
    public static SliceRows Changed(
        Segment segment,
        Outbox outbox,
        long sequenceNr,
        IReadOnlyList<JobEvent> events
    ) =>
        new(
            segment.Number,
            sequenceNr,
            segment.Unfinished > 0,
            [.. outbox.Dirty.Select(slice => Row(segment, slice))],
            [.. outbox.Gone.Select(slice => slice.First)],
            [.. segment.Totals],
            events
        );

    /// <summary>The slices from a jid on, as many as fit; at least one.</summary>
    public static RowsRead Page(Segment segment, long sequenceNr, ReadRows read)
    {
        var page = new RowsRead { SequenceNr = sequenceNr, Unfinished = segment.Unfinished > 0 };
        var bytes = 0;
        foreach (var slice in segment.Submissions.Where(slice => slice.First >= read.From))
        {
            var row = SliceWire.Whole(Row(segment, slice));
            bytes += row.CalculateSize();
            if (bytes > read.MaxBytes && page.Slices.Count > 0)
            {
                page.Next = slice.First;
                break;
            }
            page.Slices.Add(row);
        }
        return page;
    }

    private static SliceRow Row(Segment segment, Submission slice)
    {
        var single = slice.Count == 1 ? segment.Find(slice.First) : null;
        var detail = single is null ? null : Views.Detail(single);
        var counts = slice.Counts;
        return new SliceRow(
            slice.First,
            slice.Last,
            slice.Name,
            slice.Facts.SubmissionLast,
            slice.Facts.IsMap,
            slice.Owner,
            slice.Spec.Label,
            Cut(detail is null || slice.Facts.IsMap ? slice.Spec.Command : detail.Command),
            single?.Priority ?? slice.Spec.Priority,
            slice.Spec.Cores,
            slice.Created,
            detail?.Started ?? slice.FirstStarted,
            detail?.Finished ?? (segment.Unfinished > 0 && IsOpen(counts) ? 0 : slice.LastFinished),
            new StatusCounts(
                counts[(int)Status.Waiting],
                counts[(int)Status.Queued],
                counts[(int)Status.Processing],
                counts[(int)Status.Done],
                counts[(int)Status.Error],
                counts[(int)Status.Killed],
                counts[(int)Status.Stalled]
            ),
            counts[0],
            detail?.Node ?? "",
            detail?.Reason,
            detail?.Attempt ?? 0,
            slice.Facts.RequestId
        );
    }

    private static string Cut(string command) =>
        command.Length <= CommandCharacters ? command : command[..CommandCharacters] + " ...";

    private static bool IsOpen(int[] counts) =>
        counts[(int)Status.Waiting] + counts[(int)Status.Queued] + counts[(int)Status.Processing]
        > 0;
}
