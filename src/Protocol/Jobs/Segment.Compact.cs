using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.States;

namespace JobCloud.Protocol.Jobs;

public sealed partial class Segment
{
    /// <summary>The time of the first deletion whose data is still here; 0: none.</summary>
    public long UnerasedSince { get; private set; }

    /// <summary>Removes all data of deleted jobs but their status and times.</summary>
    public void Erase()
    {
        foreach (var slice in _submissions.Values)
            slice.Erase(index => Find(new Jid(slice.First + index))!.IsDeleted);
        UnerasedSince = 0;
    }

    /// <summary>The whole state, for <see cref="Restore(SegmentState)"/>. Erases the data of
    /// deleted jobs.</summary>
    public SegmentState Compact()
    {
        Erase();
        var state = new SegmentState { Deleted = new DeletedJobs() };
        var created = new TimeDeltas();
        var jobs = new JobStateWriter(_submissions.Values.FirstOrDefault()?.Created ?? 0);
        var deleted = new DeletedJobsWriter(state.Deleted);
        var next = First;
        foreach (var slice in _submissions.Values)
        {
            state.Slices.Add(StateOf(slice, next, created));
            next = slice.Last + 1;
            for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            {
                var job = Find(jid)!;
                deleted.Append(job.Phase as JobPhase.Deleted);
                if (!job.IsDeleted)
                    jobs.Append(state.Jobs, job);
            }
        }
        foreach (var dependent in _dependents.Values)
            state.Dependents.Add(
                new DependentsRegistered
                {
                    SubmissionFirst = dependent.Submission,
                    DependentSegment = dependent.Segment,
                    Dependencies = { dependent.Jobs },
                    Policy = dependent.Policy,
                }
            );
        return state;
    }

    /// <summary>The jids of deleted jobs.</summary>
    public IReadOnlySet<long> Deleted() =>
        _jobs.OfType<Job>().Where(job => job.IsDeleted).Select(job => job.Jid.Value).ToHashSet();

    /// <summary>Applies the row that replaces all earlier ones.</summary>
    /// <exception cref="ImpossibleEventException">The row is damaged.</exception>
    public void Restore(SegmentCompacted row) => Restore(CompactedRow.State(row));

    private SliceState StateOf(Slice slice, long next, TimeDeltas created)
    {
        var state = new SliceState
        {
            Gap = (int)(slice.First - next),
            Count = slice.Count == 1 ? 0 : slice.Count,
            Created = created.Write(slice.Created),
        };
        if (slice.IsErased)
        {
            state.SubmissionFirst = slice.SubmissionFirst - slice.First;
            state.SubmissionLast = slice.Submitted.SubmissionLast - slice.Last;
            state.IsMap = slice.Submitted.IsMap;
            return state;
        }
        state.Submitted = slice.Submitted;
        state.Held = IsHeld(slice);
        state.FirstStarted = slice.FirstStarted;
        state.LastFinished = slice.LastFinished;
        foreach (var gate in slice.Gates.Values.Where(gate => gate.Worst != Status.Unspecified))
            state.Gates.Add(
                new GateState
                {
                    Segment = gate.Segment,
                    Worst = gate.Worst,
                    Dependency = gate.Dependency,
                }
            );
        return state;
    }

    /// <summary>Replaces everything by a state that <see cref="Compact"/> made.</summary>
    /// <exception cref="ImpossibleEventException">The state is damaged.</exception>
    public void Restore(SegmentState state)
    {
        Clear();
        var created = new TimeDeltas();
        var deleted = new DeletedJobsReader(state.Deleted ?? new DeletedJobs());
        JobStateReader? jobs = null;
        var next = First;
        foreach (var one in state.Slices)
        {
            var slice = SliceOf(one, next, created);
            jobs ??= new JobStateReader(state.Jobs, slice.Created);
            next = slice.Last + 1;
            _submissions.Add(slice.First, slice);
            if (!_byName.TryAdd(slice.SubmissionFirst, slice))
                throw Damaged($"submission {slice.SubmissionFirst} has two slices");
            if (one.Held)
                _unreleased.Add(slice);
            for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            {
                var job = deleted.Next() is { } phase
                    ? new Job(jid, slice, phase) { Version = 1 }
                    : jobs.Next(jid, slice);
                _jobs[jid & Mask] = job;
                Count(null, job);
            }
            (slice.FirstStarted, slice.LastFinished) = (one.FirstStarted, one.LastFinished);
            slice.Erase(index => Find(new Jid(slice.First + index))!.IsDeleted);
            Highest = slice.Last;
        }
        if (jobs is { IsAtEnd: false } || (jobs is null && state.Jobs.Count > 0))
            throw Damaged("it has more jobs than its slices");
        foreach (var d in state.Dependents)
            Register(d);
    }

    private Slice SliceOf(SliceState state, long next, TimeDeltas created)
    {
        var (first, count) = (next + state.Gap, Math.Max(1, state.Count));
        if (state.Gap < 0 || first + count - 1 > Last)
            throw Damaged("a slice does not fit into it");
        var submitted =
            state.Submitted
            ?? ErasedData.OfDeleted(
                first + state.SubmissionFirst,
                first + count - 1 + state.SubmissionLast,
                state.IsMap
            );
        var slice = new Slice(first, count, submitted, created.Read(state.Created));
        foreach (var gate in state.Gates)
        {
            if (!slice.Gates.TryGetValue(gate.Segment, out var known))
                throw Damaged($"slice {first} has no dependency in segment {gate.Segment}");
            (known.Worst, known.Dependency) = (gate.Worst, gate.Dependency);
        }
        return slice;
    }

    private void Clear()
    {
        Array.Clear(_jobs);
        Array.Clear(_totals);
        _submissions.Clear();
        _byName.Clear();
        _dependents.Clear();
        _unreleased.Clear();
        (Unfinished, Highest, UnerasedSince) = (0, 0, 0);
    }

    private ImpossibleEventException Damaged(string why) =>
        new($"the state of segment {Number} is damaged: {why}");
}
