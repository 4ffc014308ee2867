namespace JobCloud.Protocol.Scheduling;

/// <summary>The demands, owners and limited maps of all queued and running jobs.</summary>
internal sealed class DemandTable
{
    private readonly record struct Key(
        string Owner,
        int Cores,
        long Memory,
        NodeFeatures Needs,
        long LimitedMap
    );

    private readonly Dictionary<Key, Demand> _demands = [];
    private readonly Dictionary<string, OwnerAccount> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<long, MapAccount> _maps = [];

    public IEnumerable<MapAccount> Maps => _maps.Values;

    public Demand Of(
        string owner,
        int cores,
        long memory,
        NodeFeatures needs,
        long submissionFirst,
        int maxParallel,
        int maxFails
    )
    {
        var limited = maxParallel > 0 || maxFails > 0;
        var key = new Key(
            owner,
            PlacementSize.Cores(cores),
            memory,
            needs,
            limited ? submissionFirst : 0
        );
        if (_demands.TryGetValue(key, out var demand))
            return demand;

        var map = limited ? MapOf(submissionFirst) : null;
        if (map is not null)
            (map.MaxParallel, map.MaxFails, map.Uses) = (maxParallel, maxFails, map.Uses + 1);
        var account = OwnerOf(owner);
        account.Uses++;
        demand = new Demand(account, key.Cores, memory, needs, map);
        _demands.Add(key, demand);
        return demand;
    }

    public MapAccount MapOf(long submissionFirst)
    {
        if (!_maps.TryGetValue(submissionFirst, out var map))
            _maps.Add(submissionFirst, map = new MapAccount(submissionFirst));
        return map;
    }

    /// <summary>Removes unused entries.</summary>
    public void Prune()
    {
        foreach (var (key, demand) in _demands)
        {
            if (demand.Uses > 0)
                continue;
            _demands.Remove(key);
            if (--demand.Owner.Uses == 0)
                _owners.Remove(demand.Owner.Name);
            if (demand.Map is not null)
                demand.Map.Uses--;
        }
        foreach (var (submission, map) in _maps)
            if (map.Uses == 0)
                _maps.Remove(submission);
    }

    /// <summary>A copy, and its demands by those that they are copies of.</summary>
    public (DemandTable Table, Dictionary<Demand, Demand> Demands) Copy()
    {
        var copy = new DemandTable();
        var demands = new Dictionary<Demand, Demand>();
        foreach (var (name, owner) in _owners)
            copy._owners.Add(name, owner.Copy());
        foreach (var (first, map) in _maps)
            copy._maps.Add(first, map.Copy());
        foreach (var (key, demand) in _demands)
        {
            var map = demand.Map is { } limited ? copy._maps[limited.SubmissionFirst] : null;
            var owner = copy._owners[demand.Owner.Name];
            var one = new Demand(owner, demand.Cores, demand.Memory, demand.Features, map)
            {
                Uses = demand.Uses,
            };
            copy._demands.Add(key, one);
            demands.Add(demand, one);
        }
        return (copy, demands);
    }

    private OwnerAccount OwnerOf(string name)
    {
        if (!_owners.TryGetValue(name, out var owner))
            _owners.Add(name, owner = new OwnerAccount(name));
        return owner;
    }
}
