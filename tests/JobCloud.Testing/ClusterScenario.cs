using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Testing;

/// <summary>
/// A simulated cloud without faults of its own. It sends nodes and jobs to a ledger, follows the
/// plans, and keeps its own state to check them.
/// </summary>
public sealed class ClusterScenario
{
    private const long Second = 1_000_000;
    private const long GiB = 1L << 30;

    private readonly SortedDictionary<long, SimulatedJob> _jobs = [];
    private readonly Dictionary<string, NodeOffer> _offers = [];
    private readonly HashSet<string> _gone = [];
    private SchedulingPolicy _policy = SchedulingPolicy.Default;
    private long _nextJid = 1;

    private ClusterScenario() { }

    public Ledger Ledger { get; } = new();
    public SchedulingPolicy Policy => _policy;
    public long Now { get; private set; } = 1_000_000 * Second;
    public long LastJid => _nextJid - 1;
    public IReadOnlyDictionary<long, SimulatedJob> Jobs => _jobs;
    public IReadOnlyDictionary<string, NodeOffer> Offers => _offers;
    public IReadOnlySet<string> Gone => _gone;

    /// <summary>Adds nodes n1, n2, … with these numbers of cores and 4 GiB per core.</summary>
    public static ClusterScenario Nodes(params int[] cores)
    {
        var scenario = new ClusterScenario();
        foreach (var count in cores)
            scenario.Node(count);
        return scenario;
    }

    public ClusterScenario By(SchedulingPolicy by)
    {
        _policy = by;
        return this;
    }

    public ClusterScenario Limits(Func<SchedulingLimits, SchedulingLimits> change)
    {
        _policy = _policy with { Limits = change(_policy.Limits) };
        return this;
    }

    public ClusterScenario Node(int cores, int backlog = 0, long? memory = null)
    {
        var name = $"n{_offers.Count + 1}";
        return Apply(
            new NodeOffer
            {
                Node = name,
                Session = 1,
                Backlog = backlog,
                Capacity = new Resources { Cores = cores, MemoryBytes = memory ?? cores * 4 * GiB },
            }
        );
    }

    public ClusterScenario Offer(string node, Action<NodeOffer> change)
    {
        var offer = _offers[node].Clone();
        change(offer);
        return Apply(offer);
    }

    public ClusterScenario Lose(string node, bool planned = false)
    {
        _gone.Add(node);
        Ledger.Leave(node, planned, Now);
        return this;
    }

    /// <summary>Submits `count` jobs together, with the next jids.</summary>
    public ClusterScenario Job(
        int cores = 1,
        int priority = 5,
        int count = 1,
        string owner = "ann",
        long memory = 0,
        int maxParallel = 0,
        int maxFails = 0,
        long notBefore = 0,
        bool restarted = false,
        string avoid = "",
        NodeFeatures needs = NodeFeatures.None
    )
    {
        var first = _nextJid;
        _nextJid += count;
        for (var jid = first; jid < _nextJid; jid++)
            _jobs[jid] = new SimulatedJob(
                new RunnableJobs
                {
                    First = jid,
                    Count = 1,
                    SubmissionFirst = first,
                    Created = Now,
                    NotBefore = notBefore,
                    Priority = priority,
                    Restarted = restarted,
                    Owner = owner,
                    Cores = cores,
                    MemoryBytes = memory,
                    MaxParallel = maxParallel,
                    MaxFails = maxFails,
                    AvoidNode = avoid,
                    NeedsSandbox = needs.HasFlag(NodeFeatures.Sandbox),
                    NeedsPrivateNetwork = needs.HasFlag(NodeFeatures.PrivateNetwork),
                }
            );
        foreach (var range in Ranges(first, _nextJid - 1))
            Update(range.First, update => update.Runnable.Add(range));
        return this;
    }

    public ClusterScenario After(double seconds)
    {
        Now += (long)(seconds * Second);
        return this;
    }

    public Plan Solve() => Scheduler.Solve(Ledger, _policy, Now);

    /// <summary>Solves, and confirms all assignments as their segments.</summary>
    public Plan Run()
    {
        var plan = Solve();
        Accept(plan);
        return plan;
    }

    public void Accept(Plan plan)
    {
        foreach (var jid in Assigned(plan).SelectMany(entry => entry.Jids))
            Active(jid, started: false);
    }

    /// <summary>The assignments of a plan, which it records in its own state.</summary>
    public List<(string Node, List<long> Jids)> Assigned(Plan plan)
    {
        var all = new List<(string, List<long>)>();
        foreach (var assignment in plan.Assignments)
        {
            List<long> jids = [];
            for (var i = 0; i < assignment.Count; i++)
                jids.Add(assignment.First + i);
            foreach (var jid in jids)
                _jobs[jid].Node = assignment.Node;
            all.Add((assignment.Node, jids));
        }
        return all;
    }

    public ClusterScenario Active(long jid, bool started)
    {
        _jobs[jid].Started |= started;
        Update(jid, update => update.Active.Add(ActiveOf(jid)));
        return this;
    }

    public ClusterScenario End(long jid, Status status = Status.Done)
    {
        (_jobs[jid].Node, _jobs[jid].Started, _jobs[jid].Ended) = ("", false, status);
        Update(jid, update => update.Ended.Add(new EndedAttempt { Jid = jid, Status = status }));
        return this;
    }

    /// <summary>Kills a queued job.</summary>
    public ClusterScenario Withdraw(long jid)
    {
        _jobs[jid].Ended = Status.Killed;
        var range = new JidRange { First = jid, Last = jid };
        Update(jid, update => update.Withdrawn.Add(range));
        return this;
    }

    /// <summary>Puts a job back in the queue.</summary>
    public ClusterScenario Requeue(long jid, Action<RunnableJobs>? change = null)
    {
        var job = _jobs[jid];
        (job.Node, job.Started, job.Ended) = ("", false, Status.Unspecified);
        change?.Invoke(job.Wants);
        job.Wants.Waited = true;
        Update(jid, update => update.Runnable.Add(job.Wants.Clone()));
        return this;
    }

    /// <summary>Hands back the recalled attempts as their nodes.</summary>
    public ClusterScenario HandBack(Plan plan)
    {
        foreach (var recall in plan.Recalls)
        foreach (var jid in JidRanges.Enumerate(recall.Jobs))
            if (_jobs[jid] is { Started: false } job && job.Node == recall.Node)
                Requeue(jid);
        return this;
    }

    /// <summary>A full update of a segment, from its own state.</summary>
    public SegmentUpdate Full(long segment)
    {
        var update = new SegmentUpdate { Segment = segment, Full = true };
        var (first, last) = (Segments.First(segment), Segments.Last(segment));
        update.Runnable.AddRange(Ranges(first, Math.Min(last, LastJid)));
        foreach (var (jid, job) in _jobs)
            if (Segments.Of(jid) == segment && job.Node.Length > 0)
                update.Active.Add(ActiveOf(jid));
        foreach (var (jid, job) in _jobs)
            if (Segments.Of(jid) == segment && job is { Ended: Status.Error, Wants.MaxFails: > 0 })
                update.Failed.Add(FailedOf(jid, job));
        return update;
    }

    public IEnumerable<long> AllSegments => _jobs.Keys.Select(Segments.Of).Distinct();

    public IEnumerable<long> On(string node) =>
        from entry in _jobs
        where entry.Value.Node == node
        select entry.Key;

    public string NodeOf(long jid) => _jobs[jid].Node;

    private ClusterScenario Apply(NodeOffer offer)
    {
        _offers[offer.Node] = offer;
        _gone.Remove(offer.Node);
        Ledger.Apply(offer, Now);
        return this;
    }

    private void Update(long jid, Action<SegmentUpdate> fill)
    {
        var update = new SegmentUpdate { Segment = Segments.Of(jid) };
        fill(update);
        Ledger.Apply(update, Now);
    }

    private ActiveAttempt ActiveOf(long jid)
    {
        var job = _jobs[jid];
        return new ActiveAttempt
        {
            Jid = jid,
            Attempt = 1,
            Node = job.Node,
            Cores = job.Wants.Cores,
            MemoryBytes = job.Wants.MemoryBytes,
            Owner = job.Wants.Owner,
            SubmissionFirst = job.Wants.SubmissionFirst,
            Started = job.Started,
            MaxParallel = job.Wants.MaxParallel,
            MaxFails = job.Wants.MaxFails,
            Priority = job.Wants.Priority,
            Restarted = job.Wants.Restarted && !job.Started,
            AvoidNode = job.Started ? "" : job.Wants.AvoidNode,
        };
    }

    private static FailedJobs FailedOf(long jid, SimulatedJob job) =>
        new()
        {
            SubmissionFirst = job.Wants.SubmissionFirst,
            MaxFails = job.Wants.MaxFails,
            Jobs =
            {
                new JidRange { First = jid, Last = jid },
            },
        };

    /// <summary>Queued jobs between two jids as ranges of one segment and one submission.</summary>
    private IEnumerable<RunnableJobs> Ranges(long first, long last)
    {
        RunnableJobs? range = null;
        for (var jid = first; jid <= last; jid++)
        {
            var job = _jobs[jid];
            var joins = job.Queued && range is not null && Joins(range, job.Wants);
            if (joins)
            {
                range!.Count++;
                continue;
            }
            if (range is not null)
                yield return range;
            range = job.Queued ? job.Wants.Clone() : null;
        }
        if (range is not null)
            yield return range;
    }

    private static bool Joins(RunnableJobs range, RunnableJobs next)
    {
        var alike = next.Clone();
        (alike.First, alike.Count) = (range.First, range.Count);
        return next.First == range.First + range.Count
            && Segments.Of(next.First) == Segments.Of(range.First)
            && alike.Equals(range);
    }
}

/// <summary>A job of a scenario.</summary>
public sealed class SimulatedJob(RunnableJobs wants)
{
    public RunnableJobs Wants { get; } = wants;

    /// <summary>The node of its attempt; empty: no attempt is active or assigned.</summary>
    public string Node { get; set; } = "";
    public bool Started { get; set; }
    public Status Ended { get; set; }
    public bool Queued => Node.Length == 0 && Ended == Status.Unspecified;
}
