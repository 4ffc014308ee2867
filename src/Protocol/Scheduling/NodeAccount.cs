using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>A node: its offer, and the resources held by its attempts.</summary>
public sealed class NodeAccount
{
    private const string Unreached = "the other nodes do not reach it; check its network";

    private readonly Dictionary<JobSize, int> _sizes = [];
    private readonly StartRate _starts = new();
    private JobSize? _smallest;
    private NodeOffer? _offer;
    private HeldResources _held,
        _processing;

    internal NodeAccount(string name, long knownSince) => (Name, KnownSince) = (name, knownSince);

    /// <summary>A copy that has seen no end, so that it prefetches nothing.</summary>
    internal NodeAccount Copy()
    {
        var copy = new NodeAccount(Name, KnownSince)
        {
            Offer = Offer,
            OfferedAt = OfferedAt,
            Drain = Drain,
            LostSince = LostSince,
            Planned = Planned,
            IsUnreachable = IsUnreachable,
            Attempts = Attempts,
            Processing = Processing,
            _held = _held,
            _processing = _processing,
        };
        foreach (var (size, count) in _sizes)
            copy._sizes.Add(size, count);
        return copy;
    }

    public string Name { get; }

    /// <summary>Its newest offer; null: it is known only from attempts.</summary>
    public NodeOffer? Offer
    {
        get => _offer;
        // Another capacity changes the shares of memory.
        internal set => (_offer, _smallest) = (value, null);
    }

    /// <summary>When that offer came.</summary>
    internal long OfferedAt { get; set; }

    /// <summary>Its requested drain; null: none, although the node may drain itself.</summary>
    public Drain? Drain { get; internal set; }

    /// <summary>When it left the cluster (µs); 0: not.</summary>
    public long LostSince { get; internal set; }
    public bool Planned { get; internal set; }
    internal long KnownSince { get; }

    public int Cores => Offer?.Capacity?.Cores ?? 0;
    public long Memory => Offer?.Capacity?.MemoryBytes ?? 0;

    /// <summary>Cores held by all its attempts, including prefetched ones.</summary>
    public int CoresHeld => _held.Cores;
    public long MemoryHeld => _held.Memory(Cores, Memory);
    public int Attempts { get; private set; }
    public int Processing { get; private set; }
    public int CoresProcessing => _processing.Cores;
    public long MemoryProcessing => _processing.Memory(Cores, Memory);

    /// <summary>The shape that it is reserved for; null: none.</summary>
    public Shape? ReservedFor { get; internal set; }

    public bool IsLost => LostSince > 0;
    public bool Draining => Offer is { Draining: true } || Drain is not null;

    /// <summary>Whether the other nodes do not reach it at present.</summary>
    public bool IsUnreachable { get; internal set; }

    /// <summary>Why it can start nothing now: what its newest offer says, or that none can come;
    /// empty: it can.</summary>
    public string NotReady => IsUnreachable ? Unreached : Offer?.NotReady ?? "";
    public bool Accepts => Offer is not null && NotReady.Length == 0 && !IsLost && !Draining;

    /// <summary>Whether its drain has ended although its newest offer does not show that
    /// yet.</summary>
    public bool Undrained => Drain is null && Offer is { Drain: not 0 };

    /// <summary>The reason for its drain; empty: none was given.</summary>
    public string DrainReason => Drain?.Reason ?? (Undrained ? "" : Offer?.Reason ?? "");

    /// <summary>The drain request that its agent has missed, according to its newest offer; null:
    /// none.</summary>
    internal DrainRequest? MissedDrain(long now) =>
        Offer is null || Offer.Drain == (Drain?.Since ?? 0)
            ? null
            : Drain?.ToNode(now) ?? new DrainRequest { Node = Name, Undrain = true };

    /// <summary>Free cores; negative with prefetched attempts.</summary>
    public int CoresFree => Cores - CoresHeld;
    public long MemoryFree => Memory - MemoryHeld;

    /// <summary>The memory that such a job counts as here.</summary>
    internal long MemoryOf(Demand demand) => MemoryOf(demand.Size);

    /// <summary>Whether it accepts jobs, and some of its attempts wait until others there
    /// end.</summary>
    internal bool IsOverfull => (CoresFree < 0 || MemoryFree < 0) && Accepts;

    internal bool CouldHold(Demand demand) =>
        Cores >= demand.Cores
        && Memory >= MemoryOf(demand)
        && MissingFeature(demand.Features) is null;

    /// <summary>The reason why it lacks the features that a job needs; null: it has them.</summary>
    internal string? MissingFeature(NodeFeatures needs) =>
        needs == NodeFeatures.None ? null
        : Offer?.Isolation is not { } isolation ? "it has not reported its isolation yet"
        : needs.HasFlag(NodeFeatures.Sandbox) && isolation.NoSandbox.Length > 0
            ? isolation.NoSandbox
        : needs.HasFlag(NodeFeatures.PrivateNetwork) && isolation.NoPrivateNetwork.Length > 0
            ? isolation.NoPrivateNetwork
        : null;

    /// <summary>The number of such jobs that fit into its free capacity.</summary>
    internal int RoomNow(Demand demand)
    {
        var memory = MemoryOf(demand);
        if (CoresFree < demand.Cores || MemoryFree < memory)
            return 0;
        var byCores = CoresFree / demand.Cores;
        return memory == 0 ? byCores : (int)Math.Min(byCores, MemoryFree / memory);
    }

    /// <summary>
    /// The number of attempts that it may prefetch at its current pace. It is zero while nothing
    /// ends there: a job that waits behind a long one would miss the capacity of other nodes.
    /// </summary>
    internal int PrefetchLimit(SchedulingLimits limits, long now) =>
        Offer is null ? 0 : (int)Math.Min(Offer.Backlog, _starts.Within(limits.Prefetch, now));

    /// <summary>
    /// The number of such jobs that it can prefetch. Only jobs no larger than any that it has
    /// qualify: whichever ends makes room for one, so a prefetched job never keeps free cores idle.
    /// </summary>
    internal int PrefetchRoom(Demand demand, int allowed)
    {
        if (allowed == 0 || !CouldHold(demand) || Smallest is not { } least)
            return 0;
        if (demand.Cores > least.Cores || MemoryOf(demand) > least.Memory)
            return 0;
        return Math.Max(0, allowed - Prefetched);
    }

    /// <summary>The maximum number of prefetched attempts, as if each had the smallest
    /// size.</summary>
    internal int Prefetched
    {
        get
        {
            if (Smallest is not { } least)
                return 0;
            var byMemory = least.Memory == 0 ? 0 : DivideUp(-MemoryFree, least.Memory);
            return (int)Math.Max(DivideUp(-CoresFree, least.Cores), byMemory);
        }
    }

    internal void Hold(Demand demand, int jobs)
    {
        _sizes.TryGetValue(demand.Size, out var before);
        _sizes[demand.Size] = before + jobs;
        if (before == 0)
            _smallest = null;
        _held.Add(demand, jobs);
        Attempts += jobs;
    }

    internal void Release(Demand demand, bool started)
    {
        var left = _sizes[demand.Size] - 1;
        _sizes[demand.Size] = left;
        if (left == 0)
        {
            _sizes.Remove(demand.Size);
            _smallest = null;
        }
        _held.Add(demand, -1);
        Attempts--;
        if (started)
            CountProcessing(demand, -1);
    }

    internal void Started(Demand demand) => CountProcessing(demand, 1);

    internal void CountEnd(long now) => _starts.Count(now);

    private JobSize? Smallest => _smallest ??= FindSmallest();

    private JobSize? FindSmallest()
    {
        if (_sizes.Count == 0)
            return null;
        var least = new JobSize(int.MaxValue, long.MaxValue);
        foreach (var size in _sizes.Keys)
            least = new(Math.Min(least.Cores, size.Cores), Math.Min(least.Memory, MemoryOf(size)));
        return least;
    }

    private long MemoryOf(JobSize size) =>
        PlacementSize.Memory(size.Memory, size.Cores, Cores, Memory);

    private static long DivideUp(long value, long by) => value <= 0 ? 0 : (value + by - 1) / by;

    private void CountProcessing(Demand demand, int sign)
    {
        Processing += sign;
        _processing.Add(demand, sign);
    }
}
