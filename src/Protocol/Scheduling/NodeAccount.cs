using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>A node: what it offers, and what the attempts given to it hold.</summary>
public sealed class NodeAccount
{
    private readonly Dictionary<JobSize, int> _sizes = [];
    private readonly StartRate _starts = new();
    private JobSize? _smallest;

    internal NodeAccount(string name, long knownSince) => (Name, KnownSince) = (name, knownSince);

    public string Name { get; }

    /// <summary>Its newest offer; null: attempts name it, but it was never heard of.</summary>
    public NodeOffer? Offer { get; internal set; }

    /// <summary>Null: nobody wants it to run no further jobs, but perhaps itself.</summary>
    public Drain? Drain { get; internal set; }

    /// <summary>When it left the cluster (µs); 0: it has not.</summary>
    public long GoneSince { get; internal set; }
    public bool Planned { get; internal set; }
    internal long KnownSince { get; }

    public int Cores => Offer?.Capacity?.Cores ?? 0;
    public long Memory => Offer?.Capacity?.MemoryBytes ?? 0;

    /// <summary>Held by all attempts given to it, those ahead of its capacity included.</summary>
    public int CoresHeld { get; private set; }
    public long MemoryHeld { get; private set; }
    public int Attempts { get; private set; }
    public int Processing { get; private set; }
    public int CoresProcessing { get; private set; }
    public long MemoryProcessing { get; private set; }

    /// <summary>The job for which it is kept free; null: for anyone.</summary>
    public Shape? ReservedFor { get; internal set; }

    public bool Gone => GoneSince > 0;
    public bool Draining => Offer is { Draining: true } || Drain is not null;
    public bool Accepts => Offer is not null && !Gone && !Draining;

    /// <summary>Its drain is taken back: what it offered before it heard so still says
    /// otherwise.</summary>
    public bool Undrained => Drain is null && Offer is { Drain: not 0 };

    /// <summary>Why it drains; empty: nobody said.</summary>
    public string DrainReason => Drain?.Reason ?? (Undrained ? "" : Offer?.Reason ?? "");

    /// <summary>What its agent is to be told, by what its newest offer shows; null: it
    /// knows.</summary>
    internal DrainRequest? Unheard(long now) =>
        Offer is null || Offer.Drain == (Drain?.Since ?? 0)
            ? null
            : Drain?.ToNode(now) ?? new DrainRequest { Node = Name, Undrain = true };

    /// <summary>Negative where attempts were taken ahead.</summary>
    public int CoresFree => Cores - CoresHeld;
    public long MemoryFree => Memory - MemoryHeld;

    internal bool CouldHold(Demand demand) =>
        Cores >= demand.Cores && Memory >= demand.Memory && Lacks(demand.Needs) is null;

    /// <summary>Why it cannot do what a job needs; null: it can.</summary>
    internal string? Lacks(Needs needs) =>
        needs == Needs.None ? null
        : Offer?.Isolation is not { } isolation ? "it has not said yet what it can"
        : needs.HasFlag(Needs.Sandbox) && isolation.NoSandbox.Length > 0 ? isolation.NoSandbox
        : needs.HasFlag(Needs.PrivateNetwork) && isolation.NoPrivateNetwork.Length > 0
            ? isolation.NoPrivateNetwork
        : null;

    /// <summary>How many of these fit into its free capacity.</summary>
    internal int RoomNow(Demand demand)
    {
        if (CoresFree < demand.Cores || MemoryFree < demand.Memory)
            return 0;
        var byCores = CoresFree / demand.Cores;
        return demand.Memory == 0 ? byCores : (int)Math.Min(byCores, MemoryFree / demand.Memory);
    }

    /// <summary>
    /// How many attempts it takes ahead of its capacity at its present pace: none while nothing
    /// ends there, as what waits behind a long job would miss the room of other nodes.
    /// </summary>
    internal int AheadAllowed(SchedulingLimits limits, long now) =>
        Offer is null ? 0 : (int)Math.Min(Offer.Backlog, _starts.Within(limits.Ahead, now));

    /// <summary>
    /// How many of these it takes ahead. Only jobs no larger than each that it has: whichever ends
    /// makes room for one, so what waits there never keeps free cores idle.
    /// </summary>
    internal int RoomAhead(Demand demand, int allowed)
    {
        if (allowed == 0 || !CouldHold(demand) || Smallest is not { } least)
            return 0;
        if (demand.Cores > least.Cores || demand.Memory > least.Memory)
            return 0;
        return Math.Max(0, allowed - AheadNow);
    }

    /// <summary>How many attempts are ahead of its capacity, at most: as if each were the
    /// smallest.</summary>
    internal int AheadNow
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
        CoresHeld += demand.Cores * jobs;
        MemoryHeld += demand.Memory * jobs;
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
        CoresHeld -= demand.Cores;
        MemoryHeld -= demand.Memory;
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
            least = new(Math.Min(least.Cores, size.Cores), Math.Min(least.Memory, size.Memory));
        return least;
    }

    private static long DivideUp(long value, long by) => value <= 0 ? 0 : (value + by - 1) / by;

    private void CountProcessing(Demand demand, int sign)
    {
        Processing += sign;
        CoresProcessing += sign * demand.Cores;
        MemoryProcessing += sign * demand.Memory;
    }
}
