using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using SegmentSpan = JobCloud.Protocol.Notation.Segments;

namespace JobCloud.Protocol.Scheduling;

/// <summary>
/// The scheduler's view of queued jobs, attempts and nodes, folded from updates of segments, offers
/// of nodes, and assignments. It is soft state: full updates and offers rebuild it. It is mutable
/// and has one owner. Instants are in µs.
/// </summary>
public sealed class Ledger
{
    private readonly DemandTable _demands;
    private readonly NodeTable _nodes;
    private readonly Dictionary<long, long> _asked = [];
    private readonly HashSet<long> _fullyKnown = [];
    private readonly Dictionary<(long Segment, string Node), NodeChanged> _notices = [];

    public Ledger()
        : this(new(), new(), new(), new()) { }

    private Ledger(DemandTable demands, NodeTable nodes, JobQueue queue, AttemptSlots attempts) =>
        (_demands, _nodes, Queue, Attempts) = (demands, nodes, queue, attempts);

    internal JobQueue Queue { get; }

    /// <summary>When the last round looked for attempts to recall.</summary>
    internal long LookedForRecallsAt { get; set; } = long.MinValue / 2;
    internal AttemptSlots Attempts { get; }

    /// <summary>Nodes ordered by name.</summary>
    public IReadOnlyList<NodeAccount> Nodes => _nodes.All;

    public IReadOnlyCollection<Shape> Shapes => Queue.Shapes;
    public IEnumerable<MapAccount> Maps => _demands.Maps;

    /// <summary>The number of segments that have not answered a request for a full
    /// update.</summary>
    public int Unanswered => _asked.Count;

    /// <summary>Whether a round could have any result.</summary>
    public bool HasWork =>
        Queue.Segments.Count > 0
        || _notices.Count > 0
        || _demands.Maps.Any()
        || _nodes.All.Exists(static node => node.IsOverfull);

    public NodeAccount? Node(string name) => _nodes.Find(name);

    /// <summary>The queued range that contains the job; null: it is not queued.</summary>
    public QueuedRange? Queued(Jid jid) => Queue.Find(jid);

    /// <summary>The node that the job is assigned to; null: none.</summary>
    public NodeAccount? NodeOf(Jid jid) => Attempts.Find(jid).Node;

    /// <summary>Queued ranges of a segment, ordered by jid.</summary>
    public IEnumerable<QueuedRange> QueuedIn(long segment) => Queue.In(segment);

    /// <summary>The number of queued ranges and of segments with attempts: what a copy
    /// costs.</summary>
    public (int Ranges, int Segments) Size =>
        (Shapes.Sum(static shape => shape.RangeCount), Attempts.Segments.Count);

    /// <summary>An independent copy, to which rounds can be applied without effect on this one. It
    /// neither prefetches nor asks segments.</summary>
    internal Ledger Copy()
    {
        var (demands, demandOf) = _demands.Copy();
        var nodes = _nodes.Copy();
        var (queue, shapeOf) = Queue.Copy(demandOf);
        foreach (var node in _nodes.All)
            if (node.ReservedFor is { } shape)
                nodes.Find(node.Name)!.ReservedFor = shapeOf.GetValueOrDefault(shape);
        return new Ledger(demands, nodes, queue, Attempts.Copy(demandOf, nodes));
    }

    /// <summary>Records a request for a full update of this segment.</summary>
    public void Expect(long segment, long now) => _asked[segment] = now;

    /// <param name="wall">The time by the wall clock, which segments use; null: the same as
    /// <paramref name="now"/>.</param>
    public void Apply(SegmentUpdate update, long now, long? wall = null)
    {
        var deferred = Deferrals.Of(Queue.In(update.Segment), now, wall ?? now);
        var isNew = update.Full || !_fullyKnown.Contains(update.Segment);
        var places = new Places(Queue, update, isNew, now, wall ?? now);
        var pending = update.Full ? Replace(update.Segment) : [];
        foreach (var active in update.Active)
            ApplyActive(update.Segment, active, now);
        foreach (var ended in update.Ended)
            ApplyEnded(update.Segment, ended, now);
        foreach (var withdrawn in update.Withdrawn)
            ApplyWithdrawn(update.Segment, withdrawn);
        foreach (var runnable in update.Runnable)
            ApplyRunnable(update.Segment, runnable, places.Of(runnable), deferred.DueOf(runnable));
        foreach (var failed in update.Failed)
            ApplyFailed(failed);
        foreach (var (jid, attempt) in pending)
            Restore(jid, attempt);
        if (update.Full && _fullyKnown.Add(update.Segment))
            NoticeOfSessions(update);
    }

    /// <summary>Applies a node's offer. Returns the drain to send again if the offer shows that the
    /// node missed it.</summary>
    public DrainRequest? Apply(NodeOffer offer, long now)
    {
        var node = _nodes.Of(offer.Node, now);
        switch (NodeTable.Learn(node, offer, now))
        {
            case null:
                return null;
            case true:
                Notice(node, new NodeChanged { Node = node.Name });
                break;
        }
        return node.MissedDrain(now);
    }

    /// <summary>Records that a node left the cluster and cannot return in this session.</summary>
    public void Leave(string name, bool planned, long now)
    {
        var node = _nodes.Of(name, now);
        (node.LostSince, node.Planned, node.IsUnreachable) = (Math.Max(1, now), planned, false);
        Notice(node, Lost(node));
    }

    /// <summary>Records whether the other nodes reach a node.</summary>
    public void Reach(string name, bool isReached)
    {
        if (_nodes.Find(name) is { } node)
            node.IsUnreachable = !isReached;
    }

    /// <summary>The drains of nodes that are away.</summary>
    public IEnumerable<Drain> AbsentDrains => _nodes.AbsentDrains;

    /// <summary>The refusal of a request; null: it is valid.</summary>
    public Refusal? RefusalOf(DrainRequest request) => _nodes.RefusalOf(request);

    /// <summary>Drains a node, now or when it returns; null: ends its drain. Returns the message
    /// for its agent; null: none, or the node is absent.</summary>
    public DrainRequest? Drain(string name, Drain? drain, long now)
    {
        _nodes.Drain(name, drain);
        return _nodes.Find(name) is { IsLost: false } node ? node.MissedDrain(now) : null;
    }

    internal void Assign(Shape shape, int count, NodeAccount node, long now, List<Assignment> into)
    {
        while (count > 0)
        {
            var (first, taken) = Queue.Take(shape, count);
            Attempts.Send(first, taken, shape, node, now);
            Append(into, first, taken, node);
            count -= taken;
        }
    }

    private static void Append(List<Assignment> into, long first, int count, NodeAccount node)
    {
        if (
            into.Count > 0
            && into[^1] is var last
            && last.Node == node.Name
            && last.First + last.Count == first
            && SegmentSpan.Of(last.First) == SegmentSpan.Of(first)
        )
            last.Count += count;
        else
            into.Add(
                new Assignment
                {
                    First = first,
                    Count = count,
                    Node = node.Name,
                }
            );
    }

    /// <summary>Applies the passage of time. Returns the segments to ask for a full
    /// update.</summary>
    internal List<long> Advance(SchedulingLimits limits, long now)
    {
        Queue.MakeReady(now);
        foreach (var node in _nodes.All)
            if (node.Offer is null && !node.IsLost && now - node.KnownSince >= limits.Absent)
                Leave(node.Name, planned: false, now);

        var silent = _asked
            .Where(pair => pair.Value <= now - limits.Confirm)
            .Select(pair => pair.Key);
        var toAsk = Attempts.DoubtUnconfirmed(now - limits.Confirm);
        toAsk.UnionWith(silent.ToList());
        foreach (var segment in toAsk)
            Expect(segment, now);
        return [.. toAsk.Order()];
    }

    /// <summary>The next instant when <see cref="Advance"/> has something to do.</summary>
    internal long? NextAdvance(SchedulingLimits limits)
    {
        var next = Queue.NextReady ?? long.MaxValue;
        next = Math.Min(next, (Attempts.OldestSent + limits.Confirm) ?? long.MaxValue);
        foreach (var at in _asked.Values)
            next = Math.Min(next, at + limits.Confirm);
        foreach (var node in _nodes.All)
            if (node.Offer is null && !node.IsLost)
                next = Math.Min(next, node.KnownSince + limits.Absent);
        return next == long.MaxValue ? null : next;
    }

    /// <summary>Takes the pending notices about nodes for segments.</summary>
    internal List<SegmentNotice> TakeNotices()
    {
        var taken = _notices
            .OrderBy(pair => pair.Key.Segment)
            .ThenBy(pair => pair.Key.Node, StringComparer.Ordinal)
            .Select(pair => new SegmentNotice(pair.Key.Segment, pair.Value))
            .ToList();
        _notices.Clear();
        return taken;
    }

    internal void Prune(SchedulingLimits limits, long now)
    {
        Queue.Prune();
        _demands.Prune();
        _nodes.Prune(limits, now);
    }

    private List<(Jid Jid, AttemptSlot Attempt)> Replace(long segment)
    {
        _asked.Remove(segment);
        var (first, last) = (SegmentSpan.First(segment), SegmentSpan.Last(segment));
        Queue.Withdraw(first, last);
        foreach (var map in _demands.Maps)
            map.RemoveFailures(first, last);
        return Attempts.Clear(segment);
    }

    /// <summary>Restores an assignment that the segment did not have yet when it reported the job
    /// as queued.</summary>
    private void Restore(Jid jid, AttemptSlot attempt)
    {
        if (Queue.Find(jid) is null)
            return;
        Queue.Withdraw(jid, jid);
        Attempts.Restore(jid, 1, attempt);
    }

    private void ApplyActive(long segment, ActiveAttempt active, long now)
    {
        CheckSegment(segment, active.Jid, active.Jid);
        var known = Attempts.Find(new Jid(active.Jid));
        if (known.Stage == SlotStage.None)
            Queue.Withdraw(active.Jid, active.Jid);
        var node = known.Node?.Name == active.Node ? known.Node : _nodes.Of(active.Node, now);
        var demand = DemandOf(active, known.Demand);
        demand.Map?.RemoveFailures(active.Jid, active.Jid);
        Attempts.Confirm(active, demand, node, now);
        if (node.IsLost)
            _notices[(segment, node.Name)] = Lost(node);
    }

    private void ApplyEnded(long segment, EndedAttempt ended, long now)
    {
        CheckSegment(segment, ended.Jid, ended.Jid);
        var attempt = Attempts.End(new Jid(ended.Jid));
        if (attempt.Stage == SlotStage.None)
            return;
        attempt.Node!.CountEnd(now);
        if (ended.Status == Status.Error && attempt.Demand!.Map is { MaxFails: > 0 } map)
            map.Failed.Add(ended.Jid);
    }

    private void ApplyWithdrawn(long segment, JidRange range)
    {
        CheckSegment(segment, range.First, range.Last);
        Queue.Withdraw(range.First, range.Last);
        for (var jid = new Jid(range.First); jid <= range.Last; jid++)
            if (Attempts.Find(jid).Stage == SlotStage.Pending)
                Attempts.End(jid);
    }

    /// <summary>
    /// Pending assignments stay: the segment sent this update before it received them. An attempt
    /// that the segment had confirmed has ended.
    /// </summary>
    private void ApplyRunnable(long segment, RunnableJobs jobs, long place, long due)
    {
        var last = jobs.First + jobs.Count - 1;
        CheckSegment(segment, jobs.First, last);
        Queue.Withdraw(jobs.First, last);
        var demand = _demands.Of(
            jobs.Owner,
            jobs.Cores,
            jobs.MemoryBytes,
            NeedsOf(jobs),
            jobs.SubmissionFirst,
            jobs.MaxParallel,
            jobs.MaxFails
        );
        demand.Map?.RemoveFailures(jobs.First, last);
        var from = jobs.First;
        for (var jid = new Jid(from); Attempts.Has(segment) && jid <= last; jid++)
        {
            if (Attempts.Find(jid).Stage != SlotStage.Pending)
            {
                Attempts.End(jid);
                continue;
            }
            if (jid > from)
                Queue.Add(jobs, from, (int)(jid - from), demand, place, due);
            from = jid + 1;
        }
        if (from <= last)
            Queue.Add(jobs, from, (int)(last - from + 1), demand, place, due);
    }

    private void ApplyFailed(FailedJobs failed)
    {
        var map = _demands.MapOf(failed.SubmissionFirst);
        map.MaxFails = failed.MaxFails;
        foreach (var range in failed.Jobs)
            for (var jid = new Jid(range.First); jid <= range.Last; jid++)
                map.Failed.Add(jid);
    }

    /// <summary>Announces the nodes of active attempts, because a new scheduler cannot know whether
    /// the segment knows their sessions.</summary>
    private void NoticeOfSessions(SegmentUpdate update)
    {
        foreach (var active in update.Active)
            if (_nodes.Find(active.Node) is { Offer: not null, IsLost: false })
                _notices[(update.Segment, active.Node)] = new NodeChanged { Node = active.Node };
    }

    private void Notice(NodeAccount node, NodeChanged changed)
    {
        foreach (var segment in Attempts.Segments)
            if (Attempts.In(segment).Any(entry => entry.Attempt.Node == node))
                _notices[(segment, node.Name)] = changed;
    }

    private Demand DemandOf(ActiveAttempt active, Demand? known) =>
        known is not null
        && known.Cores == active.Cores
        && known.Memory == active.MemoryBytes
        && known.Owner.Name == active.Owner
            ? known
            : _demands.Of(
                active.Owner,
                active.Cores,
                active.MemoryBytes,
                NodeFeatures.None,
                active.SubmissionFirst,
                active.MaxParallel,
                active.MaxFails
            );

    private static NodeFeatures NeedsOf(RunnableJobs jobs) =>
        (jobs.NeedsSandbox ? NodeFeatures.Sandbox : NodeFeatures.None)
        | (jobs.NeedsPrivateNetwork ? NodeFeatures.PrivateNetwork : NodeFeatures.None);

    private static NodeChanged Lost(NodeAccount node) =>
        new()
        {
            Node = node.Name,
            Gone = true,
            Planned = node.Planned,
        };

    private static void CheckSegment(long segment, long first, long last)
    {
        if (last < first || SegmentSpan.Of(first) != segment || SegmentSpan.Of(last) != segment)
            throw new ArgumentException($"jobs {first}-{last} are not in segment {segment}");
    }
}
