using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using SegmentSpan = JobCloud.Protocol.Batches.Segments;

namespace JobCloud.Protocol.Scheduling;

/// <summary>
/// What is queued and what runs where, folded from what segments and nodes tell and from what was
/// assigned. Soft state: full updates and offers rebuild it. Mutable, for one owner; instants in
/// µs.
/// </summary>
public sealed class Ledger
{
    private readonly DemandBook _demands = new();
    private readonly NodeBook _nodes = new();
    private readonly Dictionary<long, long> _asked = [];
    private readonly HashSet<long> _heardInFull = [];
    private readonly Dictionary<(long Segment, string Node), NodeChanged> _notices = [];

    internal JobQueue Queue { get; } = new();
    internal AttemptBook Attempts { get; } = new();

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<NodeAccount> Nodes => _nodes.All;

    public IReadOnlyCollection<Shape> Shapes => Queue.Shapes;
    public IEnumerable<MapAccount> Maps => _demands.Maps;

    /// <summary>Segments asked for all they have that have not answered.</summary>
    public int Unanswered => _asked.Count;

    /// <summary>Whether a round could have anything to say.</summary>
    public bool HasWork => Queue.Segments.Count > 0 || _notices.Count > 0 || _demands.Maps.Any();

    public NodeAccount? Node(string name) => _nodes.Find(name);

    /// <summary>The queued range that holds the job; null: it is not queued.</summary>
    public QueuedRange? Queued(long jid) => Queue.Find(jid);

    /// <summary>The node that the job was given to; null: none.</summary>
    public NodeAccount? NodeOf(long jid) => Attempts.Find(jid).Node;

    /// <summary>Queued ranges of a segment, in the order of their jids.</summary>
    public IEnumerable<QueuedRange> QueuedIn(long segment) => Queue.In(segment);

    /// <summary>A full update of this segment has been asked for.</summary>
    public void Expect(long segment, long now) => _asked[segment] = now;

    public void Learn(SegmentUpdate update, long now)
    {
        var pending = update.Full ? Replace(update.Segment) : [];
        foreach (var active in update.Active)
            LearnActive(update.Segment, active, now);
        foreach (var ended in update.Ended)
            LearnEnded(update.Segment, ended, now);
        foreach (var withdrawn in update.Withdrawn)
            LearnWithdrawn(update.Segment, withdrawn);
        foreach (var runnable in update.Runnable)
            LearnRunnable(update.Segment, runnable);
        foreach (var failed in update.Failed)
            LearnFailed(failed);
        foreach (var (jid, attempt) in pending)
            Restore(jid, attempt);
        if (update.Full && _heardInFull.Add(update.Segment))
            NoticeOfSessions(update);
    }

    /// <summary>Returns the drain to ask the node for again, when the offer shows that it did not
    /// hear.</summary>
    public DrainRequest? Learn(NodeOffer offer, long now)
    {
        var node = _nodes.Of(offer.Node, now);
        switch (NodeBook.Learn(node, offer))
        {
            case null:
                return null;
            case true:
                Notice(node, new NodeChanged { Node = node.Name });
                break;
        }
        return node.Unheard(now);
    }

    /// <summary>The node has left the cluster and cannot come back in this session.</summary>
    public void Leave(string name, bool planned, long now)
    {
        var node = _nodes.Of(name, now);
        (node.GoneSince, node.Planned) = (Math.Max(1, now), planned);
        Notice(node, Lost(node));
    }

    /// <summary>Why the request cannot be followed; null: it can.</summary>
    public Refusal? RefusalOf(DrainRequest request) => _nodes.RefusalOf(request);

    /// <summary>From now on, or after a restart, the node is drained; null: it is no longer.
    /// Returns what its agent is to be told; null: nothing, or it is not there.</summary>
    public DrainRequest? Drain(string name, Drain? drain, long now)
    {
        _nodes.Drain(name, drain);
        return _nodes.Find(name) is { Gone: false } node ? node.Unheard(now) : null;
    }

    internal void Assign(Shape shape, int count, NodeAccount node, long now, List<Assignment> into)
    {
        while (count > 0)
        {
            var (first, taken) = Queue.Take(shape, count);
            Attempts.Send(first, taken, shape.Demand, node, now);
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

    /// <summary>What has become true by time alone. Returns the segments to ask for all they
    /// have.</summary>
    internal List<long> Advance(SchedulingLimits limits, long now)
    {
        Queue.MakeReady(now);
        foreach (var node in _nodes.All)
            if (node.Offer is null && !node.Gone && now - node.KnownSince >= limits.Absent)
                Leave(node.Name, planned: false, now);

        var silent = _asked
            .Where(pair => pair.Value <= now - limits.Confirm)
            .Select(pair => pair.Key);
        var again = Attempts.DoubtUnconfirmed(now - limits.Confirm);
        again.UnionWith(silent.ToList());
        foreach (var segment in again)
            Expect(segment, now);
        return [.. again.Order()];
    }

    /// <summary>The next instant at which <see cref="Advance"/> has something to do.</summary>
    internal long? NextAdvance(SchedulingLimits limits)
    {
        var next = Queue.NextReady ?? long.MaxValue;
        next = Math.Min(next, (Attempts.OldestSent + limits.Confirm) ?? long.MaxValue);
        foreach (var at in _asked.Values)
            next = Math.Min(next, at + limits.Confirm);
        foreach (var node in _nodes.All)
            if (node.Offer is null && !node.Gone)
                next = Math.Min(next, node.KnownSince + limits.Absent);
        return next == long.MaxValue ? null : next;
    }

    /// <summary>What segments must be told of nodes; each is handed out once.</summary>
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

    private List<(long Jid, Attempt Attempt)> Replace(long segment)
    {
        _asked.Remove(segment);
        var (first, last) = (SegmentSpan.First(segment), SegmentSpan.Last(segment));
        Queue.Withdraw(first, last);
        foreach (var map in _demands.Maps)
            map.TakeBackFailures(first, last);
        return Attempts.Clear(segment);
    }

    /// <summary>The segment had not heard of the assignment when it told that the job is
    /// queued.</summary>
    private void Restore(long jid, Attempt attempt)
    {
        if (Queue.Find(jid) is null)
            return;
        Queue.Withdraw(jid, jid);
        Attempts.Restore(jid, 1, attempt.Demand!, attempt.Node!, attempt.SentAt);
    }

    private void LearnActive(long segment, ActiveAttempt active, long now)
    {
        CheckOf(segment, active.Jid, active.Jid);
        var known = Attempts.Find(active.Jid);
        if (known.Stage == AttemptStage.None)
            Queue.Withdraw(active.Jid, active.Jid);
        var node = known.Node?.Name == active.Node ? known.Node : _nodes.Of(active.Node, now);
        var demand = DemandOf(active, known.Demand);
        demand.Map?.TakeBackFailures(active.Jid, active.Jid);
        Attempts.Confirm(active.Jid, demand, node, active.Started);
        if (node.Gone)
            _notices[(segment, node.Name)] = Lost(node);
    }

    private void LearnEnded(long segment, EndedAttempt ended, long now)
    {
        CheckOf(segment, ended.Jid, ended.Jid);
        var attempt = Attempts.End(ended.Jid);
        if (attempt.Stage == AttemptStage.None)
            return;
        attempt.Node!.CountEnd(now);
        if (ended.Status == Status.Error && attempt.Demand!.Map is { MaxFails: > 0 } map)
            map.Failed.Add(ended.Jid);
    }

    private void LearnWithdrawn(long segment, JidRange range)
    {
        CheckOf(segment, range.First, range.Last);
        Queue.Withdraw(range.First, range.Last);
        for (var jid = range.First; jid <= range.Last; jid++)
            if (Attempts.Find(jid).Stage == AttemptStage.Pending)
                Attempts.End(jid);
    }

    /// <summary>
    /// Jobs on their way to a node stay so: the segment told this before it heard of the
    /// assignment. An attempt that the segment had accepted is over.
    /// </summary>
    private void LearnRunnable(long segment, RunnableJobs jobs)
    {
        var last = jobs.First + jobs.Count - 1;
        CheckOf(segment, jobs.First, last);
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
        demand.Map?.TakeBackFailures(jobs.First, last);
        var from = jobs.First;
        for (var jid = from; Attempts.Has(segment) && jid <= last; jid++)
        {
            if (Attempts.Find(jid).Stage != AttemptStage.Pending)
            {
                Attempts.End(jid);
                continue;
            }
            if (jid > from)
                Queue.Add(jobs, from, (int)(jid - from), demand);
            from = jid + 1;
        }
        if (from <= last)
            Queue.Add(jobs, from, (int)(last - from + 1), demand);
    }

    private void LearnFailed(FailedJobs failed)
    {
        var map = _demands.MapOf(failed.SubmissionFirst);
        map.MaxFails = failed.MaxFails;
        foreach (var range in failed.Jobs)
            for (var jid = range.First; jid <= range.Last; jid++)
                map.Failed.Add(jid);
    }

    /// <summary>A new scheduler cannot tell whether segments know the nodes' sessions.</summary>
    private void NoticeOfSessions(SegmentUpdate update)
    {
        foreach (var active in update.Active)
            if (_nodes.Find(active.Node) is { Offer: not null, Gone: false })
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
                Needs.None,
                active.SubmissionFirst,
                active.MaxParallel,
                active.MaxFails
            );

    private static Needs NeedsOf(RunnableJobs jobs) =>
        (jobs.NeedsSandbox ? Needs.Sandbox : Needs.None)
        | (jobs.NeedsPrivateNetwork ? Needs.PrivateNetwork : Needs.None);

    private static NodeChanged Lost(NodeAccount node) =>
        new()
        {
            Node = node.Name,
            Gone = true,
            Planned = node.Planned,
        };

    private static void CheckOf(long segment, long first, long last)
    {
        if (last < first || SegmentSpan.Of(first) != segment || SegmentSpan.Of(last) != segment)
            throw new ArgumentException($"jobs {first}-{last} are not of segment {segment}");
    }
}
