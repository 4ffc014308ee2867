using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using Fact = JobCloud.Protocol.Events.JobEvent.FactOneofCase;

namespace JobCloud.Protocol.Jobs;

public sealed partial class Segment
{
    /// <summary>Applies one event. An impossible event, from a corrupt journal, throws an
    /// <see cref="ImpossibleEventException"/>.</summary>
    /// <param name="observe">Called for each changed job, with its state before and after.</param>
    public void Apply(JobEvent e, Action<Job?, Job>? observe = null)
    {
        switch (e.FactCase)
        {
            case Fact.Submitted:
                Submit(e, observe);
                return;
            case Fact.Voided:
                Void(e.Voided.SubmissionFirst);
                return;
            case Fact.DependencySettled:
                var settled = e.DependencySettled;
                SetGate(
                    e,
                    settled.SubmissionFirst,
                    settled.Segment,
                    settled.Worst,
                    settled.Dependency,
                    observe
                );
                return;
            case Fact.DependencyReopened:
                var reopened = e.DependencyReopened;
                SetGate(
                    e,
                    reopened.SubmissionFirst,
                    reopened.Segment,
                    Status.Unspecified,
                    0,
                    observe
                );
                return;
            case Fact.DependentsRegistered:
                Register(e.DependentsRegistered);
                return;
            case Fact.Deleted when UnerasedSince == 0:
                UnerasedSince = e.At;
                break;
        }
        var last = e.Jid + Math.Max(1, e.Count) - 1;
        for (var jid = new Jid(e.Jid); jid <= last; jid++)
        {
            var before = Find(jid) ?? throw Impossible(e, jid, "no such job");
            var after = Evolve.Next(before, e);
            if (e.FactCase == Fact.Assigned)
                _unreleased.Remove(before.Slice);
            Put(before, after);
            observe?.Invoke(before, Find(jid)!);
        }
    }

    private void Register(DependentsRegistered d) =>
        _dependents[(d.SubmissionFirst, d.DependentSegment)] = new Dependent(
            d.SubmissionFirst,
            d.DependentSegment,
            [.. d.Dependencies],
            d.Policy
        );

    private void Submit(JobEvent e, Action<Job?, Job>? observe)
    {
        var slice = new Slice(e.Jid, Math.Max(1, e.Count), e.Submitted, e.At);
        if (slice.First < First || slice.Last > Last)
            throw Impossible(e, new Jid(slice.First), "it belongs to another segment");
        if (_byName.ContainsKey(slice.SubmissionFirst))
            throw Impossible(
                e,
                new Jid(slice.First),
                $"submission {slice.SubmissionFirst} already has a slice here"
            );
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            if (Find(jid) is not null)
                throw Impossible(e, jid, "the jid is taken");
        _submissions.Add(slice.First, slice);
        _byName.Add(slice.SubmissionFirst, slice);
        if (slice.IsTail)
            _unreleased.Add(slice);
        var phase = FirstPhase(slice.Gated, e.At);
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
        {
            var job = new Job(jid, slice, phase) { Queued = phase is JobPhase.Queued ? e.At : 0 };
            Put(null, job);
            observe?.Invoke(null, Find(jid)!);
        }
        Highest = Math.Max(Highest, slice.Last);
    }

    private static JobPhase FirstPhase(Status gated, long at) =>
        gated == Status.Queued ? new JobPhase.Queued(at) : JobPhase.Waiting.Instance;

    private void Void(long submission)
    {
        if (!_byName.Remove(submission, out var slice))
            return;
        _submissions.Remove(slice.First);
        _unreleased.Remove(slice);
        for (var slot = 0; slot < Statuses.Count; slot++)
            _totals[slot] -= slice.Counts[slot];
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
        {
            if (Find(jid) is { } job && IsOpen(job))
                Unfinished--;
            _jobs[jid & Mask] = null;
        }
        Highest = _submissions.Count == 0 ? 0 : _submissions.Values[^1].Last;
    }

    private void SetGate(
        JobEvent e,
        long submission,
        long segment,
        Status worst,
        long dependency,
        Action<Job?, Job>? observe
    )
    {
        if (Slice(submission) is not { } slice || !slice.Gates.TryGetValue(segment, out var gate))
            throw Impossible(e, new Jid(e.Jid), $"it has no dependency in segment {segment}");
        (gate.Worst, gate.Dependency) = (worst, dependency);
        var gated = slice.Gated;
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
        {
            var before = Find(jid)!;
            var after = Evolve.Gated(before, gated, slice, e.At);
            if (ReferenceEquals(before, after))
                continue;
            Put(before, after);
            observe?.Invoke(before, Find(jid)!);
        }
    }

    private ImpossibleEventException Impossible(JobEvent e, Jid jid, string why) =>
        new($"segment {Number}: {e.FactCase} of job {jid} is impossible: {why}");
}
