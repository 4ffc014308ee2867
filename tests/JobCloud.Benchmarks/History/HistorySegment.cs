using Google.Protobuf;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Benchmarks.History;

/// <summary>A segment whose jobs were submitted and ended by the product's decisions; it gives its
/// row of the journal and its rows of the index.</summary>
internal sealed class HistorySegment(long number)
{
    private const long Second = 1_000_000;
    private readonly SegmentHistory _history = new();
    private readonly List<JobEvent> _events = [];
    private readonly Random _random = new((int)number);
    private int _commits;

    public Segment Segment { get; } = new(number);

    /// <summary>The sequence number of its row.</summary>
    public long SequenceNr => Segment.Unfinished > 0 ? 1 : _commits + 1;

    /// <summary>Adds the part of a submission that belongs to this segment.</summary>
    public void Add(HistorySubmission submission)
    {
        var first = Math.Max(submission.First, Segment.First);
        var count = (int)(Math.Min(submission.Last, Segment.Last) - first + 1);
        Commit(submission.At, batch => Submit(batch, submission, first, count));
        if (submission.IsOpen)
            return;
        var node = $"node-{_random.Next(8)}";
        Commit(
            submission.At + 1_000,
            batch =>
                Decide.Assign(
                    batch,
                    new AssignJobs
                    {
                        Assignments =
                        {
                            new Assignment
                            {
                                First = first,
                                Count = count,
                                Node = node,
                            },
                        },
                    }
                )
        );
        var ran = Second + _random.NextInt64(600 * Second);
        Commit(
            submission.At + ran + Second,
            batch =>
            {
                var reports = new AttemptReports { Node = node };
                for (var jid = first; jid < first + count; jid++)
                    reports.Reports.Add(EndOf(jid, submission.At + 2_000, ran));
                Decide.Report(batch, reports);
            }
        );
    }

    /// <summary>The row of the journal: of a finished segment the one that compaction
    /// makes.</summary>
    public IMessage Row()
    {
        if (Segment.Unfinished > 0)
            return new JobsChanged { Events = { _events } };
        _history.Add(_events);
        return CompactedRow.Of(Segment.Compact(), _history);
    }

    /// <summary>The rows of the index, as the segment sends them after its recovery.</summary>
    public SliceRows Rows() =>
        SliceRowBuilder.Changed(
            Segment,
            SegmentMessages.OnRecovered(Segment),
            SequenceNr,
            hasToErase: false,
            isWhole: true,
            []
        );

    private void Commit(long now, Action<PendingCommit> decide)
    {
        var batch = new PendingCommit(Segment, now, JobRules.Default);
        decide(batch);
        _events.AddRange(batch.Events);
        _commits++;
    }

    private static void Submit(
        PendingCommit batch,
        HistorySubmission submission,
        long first,
        int count
    )
    {
        var slice = new SubmitSlice
        {
            First = first,
            Count = count,
            Held = first > submission.First,
            Submitted = new Submitted
            {
                Spec = new JobSpec
                {
                    Command = submission.Command,
                    Label = submission.Label,
                    Cores = submission.IsOpen ? 1_024 : 1,
                    Priority = 5,
                },
                SubmissionFirst = submission.First,
                SubmissionLast = submission.Last,
                IsMap = submission.IsMap,
                Owner = submission.Owner,
            },
        };
        if (Decide.Submit(batch, slice) is { } refusal)
            throw new InvalidOperationException(refusal.Message);
        Decide.Release(batch, submission.First);
    }

    private AttemptReport EndOf(long jid, long started, long ran) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Ended = new AttemptEnd
            {
                Exit = new Exit { Code = _random.Next(50) == 0 ? 1 : 0 },
                StartedAt = started,
                EndedAt = started + ran,
                Usage = new Usage
                {
                    CpuUserUs = ran / 2,
                    CpuSystemUs = ran / 50,
                    MemoryMaxBytes = 1L << _random.Next(22, 34),
                },
            },
        };
}
