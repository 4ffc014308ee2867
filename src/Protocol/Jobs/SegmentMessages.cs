using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>The messages of a segment after a commit, ready to send.</summary>
public sealed class SegmentMessages
{
    private readonly Dictionary<string, StartAttempts> _starts = [];
    private readonly Dictionary<string, StopAttempts> _stops = [];
    private readonly Dictionary<string, ReportsAccepted> _accepted = [];
    private readonly Dictionary<string, ForgetJobs> _forgets = [];

    private SegmentMessages(SegmentUpdate update) => Update = update;

    /// <summary>The update for the scheduler.</summary>
    public SegmentUpdate Update { get; private set; }

    public IReadOnlyCollection<StartAttempts> Starts => _starts.Values;
    public IReadOnlyCollection<StopAttempts> Stops => _stops.Values;
    public IReadOnlyCollection<ReportsAccepted> Accepted => _accepted.Values;
    public IReadOnlyCollection<ForgetJobs> Forgets => _forgets.Values;

    /// <summary>Registrations of dependents, for other segments or this one.</summary>
    public List<SegmentRequest> ToSegments { get; } = [];

    public IReadOnlyCollection<string> NodesToCheck { get; private init; } = [];

    /// <summary>Slices whose rows in the index are out of date.</summary>
    public HashSet<Slice> ChangedSlices { get; } = [];
    public List<Slice> VoidedSlices { get; } = [];

    /// <summary>Changed statuses, in jid order.</summary>
    public List<StatusRun> Runs { get; } = [];

    /// <summary>Dependents affected by a job that finished or was retried.</summary>
    public HashSet<Dependent> AffectedDependents { get; } = [];

    public bool HasUpdate =>
        Update.Runnable.Count + Update.Withdrawn.Count + Update.Active.Count + Update.Ended.Count
        > 0;

    /// <summary>The messages of a committed batch.</summary>
    public static SegmentMessages Of(Segment segment, Effects effects)
    {
        var outbox = new SegmentMessages(new SegmentUpdate { Segment = segment.Number })
        {
            NodesToCheck = effects.NodesToCheck,
        };
        foreach (var jid in effects.Moved.Keys.Order())
            outbox.Add(segment, effects.Moved[jid]);
        foreach (var slice in effects.ReleasedSlices)
            outbox.AddRunnable(segment, slice);
        foreach (var slice in effects.NewSlices)
            outbox.ToSegments.AddRange(Registrations(segment, slice));
        foreach (var slice in effects.VoidedSlices)
        {
            outbox.VoidedSlices.Add(slice);
            outbox.ChangedSlices.Remove(slice);
        }
        foreach (var (node, key) in effects.AcceptedEnds)
            Of(outbox._accepted, node, n => new ReportsAccepted { Node = n }).Ended.Add(key);
        foreach (var (node, key) in effects.StaleAttempts)
            outbox.Stop(node, new Jid(key.Jid), key.Attempt, 0);
        foreach (var job in effects.StartedAgain)
            outbox.Start(job);
        foreach (var jid in effects.Refused)
            outbox.AddState(segment, jid);
        // A segment may have a hundred thousand dependents, of which few ask.
        foreach (var key in effects.Asked)
            if (segment.DependentOf(key) is { } dependent)
                outbox.AffectedDependents.Add(dependent);
        if (effects.NeedsFullUpdate)
            outbox.Update = SegmentUpdates.Of(segment);
        if (effects.NeedsAllRows)
            outbox.ChangedSlices.UnionWith(segment.Slices);
        return outbox;
    }

    /// <summary>The messages of a recovered segment: a full update for the scheduler, registrations
    /// with its dependencies, and outcomes for its dependents.</summary>
    public static SegmentMessages OnRecovered(Segment segment)
    {
        var outbox = new SegmentMessages(SegmentUpdates.Of(segment));
        outbox.ChangedSlices.UnionWith(segment.Slices);
        outbox.AffectedDependents.UnionWith(segment.Dependents);
        foreach (var slice in segment.Slices)
            outbox.ToSegments.AddRange(Registrations(segment, slice));
        return outbox;
    }

    private void Add(Segment segment, (Job? Before, Job After) move)
    {
        var (before, after) = move;
        ChangedSlices.Add(after.Slice);
        if (before is null || before.Status != after.Status || before.IsDeleted != after.IsDeleted)
            StatusRuns.Append(Runs, after.Jid, after.Status);
        SegmentUpdates.Append(Update, segment, before, after);
        if (after.Phase is JobPhase.Assigned && before?.Attempt != after.Attempt)
            Start(after);
        if (after.Kill is { } kill && before?.Kill is null)
            Stop(after.ActiveNode!, after.Jid, after.Attempt, kill.GraceMs);
        if (after.IsDeleted && before is { IsDeleted: false })
            Forget(before);
        if (before is not null && before.Status.IsFinished() != after.Status.IsFinished())
            foreach (var dependent in segment.Dependents)
                if (JidRanges.Contains(dependent.Jobs, after.Jid))
                    AffectedDependents.Add(dependent);
    }

    private void AddRunnable(Segment segment, Slice slice)
    {
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            AddState(segment, jid);
    }

    /// <summary>Sends the current state of a job to the scheduler, which lacks it or has a wrong
    /// one.</summary>
    private void AddState(Segment segment, Jid jid)
    {
        if (
            segment.Find(jid) is
            { Phase: JobPhase.Queued or JobPhase.Assigned or JobPhase.Processing } job
        )
            SegmentUpdates.Append(Update, segment, null, job);
        else
            Update.Withdrawn.Add(new JidRange { First = jid, Last = jid });
    }

    /// <summary>Registers a slice with the segments that it depends on.</summary>
    public static IEnumerable<SegmentRequest> Registrations(Segment segment, Slice slice) =>
        slice
            .Gates.Values.Where(gate => gate.Worst != Status.Done)
            .Select(gate => new SegmentRequest
            {
                Segment = gate.Segment,
                Dependents = new RegisterDependents
                {
                    SubmissionFirst = slice.SubmissionFirst,
                    DependentSegment = segment.Number,
                    Dependencies = { gate.Jobs },
                    Policy = slice.Spec.DependsOnErrors,
                },
            });

    private void Start(Job job)
    {
        var order = Of(_starts, job.ActiveNode!, n => new StartAttempts { Node = n });
        var slice = job.Slice;
        var group = order.Groups.Count > 0 ? order.Groups[^1] : null;
        if (
            group is null
            || group.SubmissionFirst != slice.SubmissionFirst
            || group.Priority != job.Priority
        )
        {
            group = new AttemptGroup
            {
                Spec = slice.Spec,
                SubmissionFirst = slice.SubmissionFirst,
                IsMap = slice.Submitted.IsMap,
                Owner = slice.Owner,
                Created = slice.Created,
                Priority = job.Priority,
            };
            order.Groups.Add(group);
        }
        var attempt = new AttemptOrder
        {
            Jid = job.Jid,
            Attempt = job.Attempt,
            Restarted = job.Phase is JobPhase.Assigned { Before.Restarted: true },
        };
        if (slice.Submitted.Columns.Count > 0)
            attempt.Parameters.AddRange(
                MapColumns.Parameters(slice.Submitted.Columns, (int)(job.Jid - slice.First))
            );
        group.Orders.Add(attempt);
    }

    private void Stop(string node, Jid jid, int attempt, long graceMs) =>
        Of(_stops, node, n => new StopAttempts { Node = n })
            .Attempts.Add(
                new StopAttempt
                {
                    Jid = jid,
                    Attempt = attempt,
                    GraceMs = graceMs,
                }
            );

    private void Forget(Job job)
    {
        foreach (var past in job.Past)
            ForgetOne(past.Node, job.Jid, past.Attempt);
        if (job.Phase is JobPhase.Ended { Last: { } last })
            ForgetOne(last.Node, job.Jid, job.Attempt);
    }

    private void ForgetOne(string node, Jid jid, int attempt) =>
        Of(_forgets, node, n => new ForgetJobs { Node = n })
            .Attempts.Add(new AttemptKey { Jid = jid, Attempt = attempt });

    private static T Of<T>(Dictionary<string, T> byNode, string node, Func<string, T> create) =>
        byNode.TryGetValue(node, out var known) ? known : byNode[node] = create(node);
}
