using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Builds a segment's rows for the index.</summary>
internal static class SliceRowBuilder
{
    /// <summary>The part of a command that lists show and searches cover.</summary>
    private const int CommandCharacters = 500;

    /// <summary>The rows of the slices that a commit changed.</summary>
    /// <param name="isWhole">Whether the messages name all slices.</param>
    public static SliceRows Changed(
        Segment segment,
        SegmentMessages outbox,
        long sequenceNr,
        bool hasToErase,
        bool isWhole,
        IReadOnlyList<JobEvent> events
    ) =>
        Of(
            segment,
            sequenceNr,
            hasToErase,
            outbox.ChangedSlices.Where(slice => !slice.IsErased)
        ) with
        {
            Removed = [.. outbox.VoidedSlices.Select(slice => slice.First)],
            Events = events,
            IsWhole = isWhole,
        };

    /// <summary>All rows after the data of deleted jobs was erased.</summary>
    public static SliceRows Erased(Segment segment, long sequenceNr) =>
        Of(
            segment,
            sequenceNr,
            hasToErase: false,
            segment.Slices.Where(slice => !slice.IsErased)
        ) with
        {
            IsWhole = true,
            HasErased = true,
        };

    private static SliceRows Of(
        Segment segment,
        long sequenceNr,
        bool hasToErase,
        IEnumerable<Slice> slices
    ) =>
        new(
            segment.Number,
            sequenceNr,
            segment.Unfinished > 0,
            [.. slices.Select(slice => Row(segment, slice))],
            Totals: [.. segment.Totals]
        )
        {
            Highest = segment.Highest,
            HasToErase = hasToErase,
        };

    /// <summary>The rows of the slices from a jid on: as many as fit, but at least one.</summary>
    public static RowsRead Page(Segment segment, long sequenceNr, bool hasToErase, ReadRows read)
    {
        var page = new RowsRead
        {
            SequenceNr = sequenceNr,
            Unfinished = segment.Unfinished > 0,
            Totals = { segment.Totals },
            Highest = segment.Highest,
            HasToErase = hasToErase,
        };
        var bytes = 0;
        foreach (
            var slice in segment.Slices.Where(slice => slice.First >= read.From && !slice.IsErased)
        )
        {
            var row = Row(segment, slice);
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

    private static FeedSlice Row(Segment segment, Slice slice)
    {
        var row = RowBuilder.Job(Detail(segment, slice));
        (row.First, row.Last) = (slice.First, slice.Last);
        row.Command = Cut(slice.Submitted.IsMap ? slice.Spec.Command : row.Command);
        for (var status = 0; status < slice.Counts.Length; status++)
            row.Counts[status] = slice.Counts[status];
        return new FeedSlice
        {
            Row = row,
            SubmissionFirst = slice.SubmissionFirst,
            SubmissionLast = slice.Submitted.SubmissionLast,
            RequestId = slice.Submitted.RequestId,
        };
    }

    /// <summary>All details of a single job, or the shared ones of several.</summary>
    private static JobDetail Detail(Segment segment, Slice slice)
    {
        if (slice.Count == 1 && segment.Find(new Jid(slice.First)) is { } single)
        {
            var detail = JobViews.Detail(single);
            detail.Spec ??= slice.Spec;
            return detail;
        }
        return new JobDetail
        {
            Owner = slice.Owner,
            Spec = slice.Spec,
            Command = slice.Spec.Command,
            Created = slice.Created,
            Started = slice.FirstStarted,
            Finished = segment.Unfinished > 0 && IsOpen(slice.Counts) ? 0 : slice.LastFinished,
        };
    }

    private static string Cut(string command) =>
        command.Length <= CommandCharacters ? command : command[..CommandCharacters] + " ...";

    private static bool IsOpen(int[] counts) =>
        counts[(int)Status.Waiting] + counts[(int)Status.Queued] + counts[(int)Status.Processing]
        > 0;
}
