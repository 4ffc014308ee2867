using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// The state of 1,024 consecutive jobs, folded from <see cref="JobEvent"/>s only. The container is
/// mutable for speed; each job in it is an immutable record.
/// </summary>
public sealed partial class Segment(long number)
{
    private readonly Job?[] _jobs = new Job?[Segments.Size];
    private readonly SortedList<long, Slice> _submissions = [];
    private readonly Dictionary<long, Slice> _byName = [];
    private readonly Dictionary<(long Submission, long Segment), Dependent> _dependents = [];
    private readonly HashSet<Slice> _unreleased = [];
    private readonly int[] _totals = new int[Statuses.Count];

    public long Number { get; } = number;
    public long First { get; } = Math.Max(1, Segments.First(number));
    public long Last { get; } = Segments.Last(number);

    /// <summary>Slices by their first jid.</summary>
    public IReadOnlyList<Slice> Slices => _submissions.Values.AsReadOnly();

    public IReadOnlyCollection<Dependent> Dependents => _dependents.Values;

    /// <summary>The dependent with these first jid of a submission and segment; null: it is not
    /// registered.</summary>
    public Dependent? DependentOf((long Submission, long Segment) key) =>
        _dependents.GetValueOrDefault(key);

    /// <summary>First jids of the slices that depend on a job, in order.</summary>
    public IEnumerable<long> DependentsOf(Jid jid) =>
        _dependents
            .Values.Where(d => d.Jobs.Any(r => r.First <= jid && jid <= r.Last))
            .Select(d => Math.Max(d.Submission, Segments.First(d.Segment)))
            .Order();

    /// <summary>The number of unfinished jobs, without deleted ones.</summary>
    public int Unfinished { get; private set; }

    /// <summary>The numbers of its jobs by status number; 0: deleted jobs.</summary>
    public IReadOnlyList<int> Totals => _totals;

    /// <summary>The highest jid in use; 0: none.</summary>
    public long Highest { get; private set; }

    /// <summary>Finds a job; null: it never existed, or its submission was voided.</summary>
    public Job? Find(Jid jid) => jid >= First && jid <= Last ? _jobs[jid & Mask] : null;

    /// <summary>Whether a slice waits for the commit of its submission's head slice.</summary>
    public bool IsHeld(Slice slice) => _unreleased.Contains(slice);

    public IReadOnlyCollection<Slice> Held => _unreleased;

    /// <summary>This segment's slice of a submission; null: none.</summary>
    public Slice? Slice(long submission) => _byName.GetValueOrDefault(submission);

    /// <summary>Releases a tail slice after the commit of the head slice. This is not an event: the
    /// head's journal is the proof, read again after a recovery. False: it was not held.</summary>
    public bool Release(Slice slice) => _unreleased.Remove(slice);

    private const long Mask = Segments.Size - 1;

    private void Put(Job? before, Job after)
    {
        _jobs[after.Jid & Mask] = after with { Version = after.Version + 1 };
        Count(before, after);
    }

    private void Count(Job? before, Job after)
    {
        var slice = after.Slice;
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

/// <summary>An event that cannot follow the earlier events: the journal is corrupt.</summary>
public sealed class ImpossibleEventException(string message) : Exception(message);
