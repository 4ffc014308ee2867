using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// The state of 1,024 consecutive jobs: a fold of <see cref="JobEvent"/>s and nothing else. The
/// container is mutable for speed; each job in it is an immutable record.
/// </summary>
public sealed partial class Segment(long number)
{
    private readonly Job?[] _jobs = new Job?[Segments.Size];
    private readonly SortedList<long, Submission> _submissions = [];
    private readonly Dictionary<long, Submission> _byName = [];
    private readonly Dictionary<(long Submission, long Segment), Dependent> _dependents = [];
    private readonly HashSet<Submission> _unreleased = [];
    private readonly int[] _totals = new int[Statuses.Count];

    public long Number { get; } = number;
    public long First { get; } = Math.Max(1, Segments.First(number));
    public long Last { get; } = Segments.Last(number);

    /// <summary>Slices by their first jid.</summary>
    public IReadOnlyList<Submission> Submissions => _submissions.Values.AsReadOnly();

    public IReadOnlyCollection<Dependent> Dependents => _dependents.Values;

    /// <summary>First jids of the slices that depend on a job, in order.</summary>
    public IEnumerable<long> DependentsOf(long jid) =>
        _dependents
            .Values.Where(d => d.Jobs.Any(r => r.First <= jid && jid <= r.Last))
            .Select(d => Math.Max(d.Submission, Segments.First(d.Segment)))
            .Order();

    /// <summary>Jobs that have not finished, deleted ones not counted.</summary>
    public int Unfinished { get; private set; }

    /// <summary>Its jobs by status number; 0: deleted ones.</summary>
    public IReadOnlyList<int> Totals => _totals;

    /// <summary>The highest jid in use; 0: none.</summary>
    public long Highest { get; private set; }

    /// <summary>The job, or null where there never was one (or its submission was
    /// voided).</summary>
    public Job? Find(long jid) => jid >= First && jid <= Last ? _jobs[jid & Mask] : null;

    /// <summary>Whether these jobs wait for the head of their submission to be committed.</summary>
    public bool IsHeld(Submission slice) => _unreleased.Contains(slice);

    public IReadOnlyCollection<Submission> Held => _unreleased;

    /// <summary>The slice that this segment has of a submission; null: none.</summary>
    public Submission? Slice(long submission) => _byName.GetValueOrDefault(submission);

    /// <summary>The head slice stands: the tail slice may run now. Not an event: the head's own
    /// journal is the proof, asked again after a recovery. False: it was not held.</summary>
    public bool Release(Submission slice) => _unreleased.Remove(slice);

    private const long Mask = Segments.Size - 1;

    private void Put(Job? before, Job after)
    {
        _jobs[after.Jid & Mask] = after with { Version = after.Version + 1 };
        Tally(before, after);
    }

    private void Tally(Job? before, Job after)
    {
        var slice = after.Submission;
        if (before is not null)
        {
            slice.Counts[Slot(before)]--;
            _totals[Slot(before)]--;
        }
        slice.Counts[Slot(after)]++;
        _totals[Slot(after)]++;
        Unfinished += (IsOpen(after) ? 1 : 0) - (before is not null && IsOpen(before) ? 1 : 0);
        switch (after.Phase)
        {
            case JobPhase.Processing p when slice.FirstStarted == 0:
                slice.FirstStarted = p.Started;
                break;
            case JobPhase.Ended e:
                slice.LastFinished = Math.Max(slice.LastFinished, e.Finished);
                if (slice.FirstStarted == 0 && e.Last is { Started: > 0 } last)
                    slice.FirstStarted = last.Started;
                break;
        }
    }

    private static int Slot(Job job) => job.IsDeleted ? 0 : (int)job.Status;

    private static bool IsOpen(Job job) => !job.IsDeleted && !job.Status.IsFinished();
}

/// <summary>An event that cannot follow what was folded before: the journal is corrupt.</summary>
public sealed class ImpossibleEventException(string message) : Exception(message);
