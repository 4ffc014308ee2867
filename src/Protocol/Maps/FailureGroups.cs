using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Maps;

/// <summary>Counts failed jobs by status and reason. Only so many reasons are kept; the jobs with
/// others are counted by status.</summary>
public sealed class FailureGroups
{
    /// <summary>Reasons that are kept.</summary>
    public const int MaxReasons = 64;

    private readonly Dictionary<(Status, Reason?), FailureGroup> _groups = [];

    public void Add(Status status, Reason? reason, long count, long first)
    {
        var key = (status, reason);
        if (!_groups.TryGetValue(key, out var group) && _groups.Count >= MaxReasons)
            key = (status, null);
        if (!_groups.TryGetValue(key, out group))
        {
            group = new FailureGroup
            {
                Status = status,
                Reason = key.Item2?.Clone(),
                First = first,
            };
            _groups[key] = group;
        }
        group.Count += count;
        group.First = Math.Min(group.First, first);
    }

    /// <summary>The groups, those with most jobs first.</summary>
    public IEnumerable<FailureGroup> Most() =>
        _groups.Values.OrderByDescending(group => group.Count).ThenBy(group => group.First);
}
