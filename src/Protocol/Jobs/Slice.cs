using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>A slice: a submission's jobs in one segment, and the data that they share.</summary>
public sealed class Slice
{
    public Slice(long first, int count, Submitted submitted, long created)
    {
        (First, Count, Submitted, Created) = (first, count, submitted, created);
        foreach (var bySegment in submitted.DependsOn.GroupBy(r => r.First / SegmentSize))
            Gates[bySegment.Key] = new Gate(bySegment.Key, [.. bySegment]);
    }

    private const int SegmentSize = Notation.Segments.Size;

    /// <summary>The first jid of this slice.</summary>
    public long First { get; }
    public int Count { get; }
    public long Last => First + Count - 1;
    public Submitted Submitted { get; private set; }
    public long Created { get; }

    public JobSpec Spec => Submitted.Spec;
    public string Owner => Submitted.Owner;

    /// <summary>The first jid of the whole submission, which identifies it.</summary>
    public long SubmissionFirst => Submitted.SubmissionFirst;

    /// <summary>The job whose commit completes the submission, or its list of
    /// submissions.</summary>
    public long Head => Submitted.ListFirst > 0 ? Submitted.ListFirst : SubmissionFirst;

    /// <summary>Whether <see cref="Head"/> is in another segment.</summary>
    public bool IsTail => Notation.Segments.Of(Head) != Notation.Segments.Of(First);

    /// <summary>The gates of these jobs, by the segment of the dependencies.</summary>
    public SortedDictionary<long, Gate> Gates { get; } = [];

    /// <summary>The numbers of its jobs by status number; 0: deleted jobs.</summary>
    public int[] Counts { get; } = new int[Statuses.Count];

    /// <summary>The number of failed jobs (error, killed or stalled).</summary>
    public int Failed =>
        Counts[(int)Status.Error] + Counts[(int)Status.Killed] + Counts[(int)Status.Stalled];

    /// <summary>The first start and the last end in this slice; 0: none.</summary>
    public long FirstStarted { get; internal set; }
    public long LastFinished { get; internal set; }

    /// <summary>The status that the gates imply: waiting, queued or stalled.</summary>
    public Status Gated
    {
        get
        {
            var open = false;
            foreach (var gate in Gates.Values)
            {
                if (gate.Worst.IsBad())
                    return Status.Stalled;
                open |= gate.Worst == Status.Unspecified;
            }
            return open ? Status.Waiting : Status.Queued;
        }
    }

    public Gate? BadGate => Gates.Values.FirstOrDefault(g => g.Worst.IsBad());

    /// <summary>Whether all jobs are deleted, and their data is erased.</summary>
    public bool IsErased => _erased == Count;

    private int _erased;

    /// <summary>Whether a submission of these jobs is this one, repeated. What was erased of it
    /// cannot be compared.</summary>
    public bool IsOf(Submitted submitted) =>
        submitted.SubmissionFirst == Submitted.SubmissionFirst
        && submitted.SubmissionLast == Submitted.SubmissionLast
        && (_erased > 0 || submitted.Equals(Submitted));

    /// <summary>Removes the data of deleted jobs.</summary>
    /// <param name="isDeleted">Whether the job with this index is deleted.</param>
    internal void Erase(Func<int, bool> isDeleted)
    {
        if (_erased == Counts[0])
            return;
        _erased = Counts[0];
        if (IsErased)
        {
            Submitted = ErasedData.OfDeleted(
                SubmissionFirst,
                Submitted.SubmissionLast,
                Submitted.IsMap
            );
            Gates.Clear();
        }
        else
            Submitted = ErasedData.WithoutValues(Submitted, Count, isDeleted);
    }

    public int MapIndex(Jid jid) => (int)(jid - SubmissionFirst);
}

/// <summary>A slice's dependencies in one segment.</summary>
public sealed class Gate(long segment, IReadOnlyList<JidRange> jobs)
{
    public long Segment { get; } = segment;
    public IReadOnlyList<JidRange> Jobs { get; } = jobs;

    /// <summary>Unspecified: open. Done: satisfied. Else the status of
    /// <see cref="Dependency"/>.</summary>
    public Status Worst { get; internal set; }
    public long Dependency { get; internal set; }
}

/// <summary>A slice, in this or another segment, that depends on jobs of this segment.</summary>
public sealed class Dependent(
    long submission,
    long segment,
    IReadOnlyList<JidRange> jobs,
    DependencyPolicy policy
)
{
    public long Submission { get; } = submission;
    public long Segment { get; } = segment;
    public IReadOnlyList<JidRange> Jobs { get; } = jobs;
    public DependencyPolicy Policy { get; } = policy;
}
