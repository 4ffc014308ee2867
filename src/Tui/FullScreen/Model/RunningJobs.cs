using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The single jobs that each node runs, kept as rows come and go.</summary>
internal sealed class RunningJobs
{
    private readonly Dictionary<string, SortedDictionary<long, JobRow>> _byNode = [];

    /// <param name="before">What the row was; null: there was none.</param>
    /// <param name="after">Null: it is gone.</param>
    public void Change(JobRow? before, JobRow? after)
    {
        if (NodeOf(before) is { } left && left != NodeOf(after))
            Leave(left, before!.First);
        if (NodeOf(after) is not { } node)
            return;
        if (!_byNode.TryGetValue(node, out var jobs))
            _byNode[node] = jobs = [];
        jobs[after!.First] = after;
    }

    public void Clear() => _byNode.Clear();

    /// <summary>The oldest of a node's, at most so many.</summary>
    public IReadOnlyList<JobRow> On(string node, int most) =>
        _byNode.TryGetValue(node, out var jobs) ? [.. jobs.Values.Take(most)] : [];

    private void Leave(string node, long first)
    {
        var jobs = _byNode[node];
        jobs.Remove(first);
        if (jobs.Count == 0)
            _byNode.Remove(node);
    }

    private static string? NodeOf(JobRow? row) =>
        row is { Node.Length: > 0 } && RowField.Statuses.Has(row, Status.Processing)
            ? row.Node
            : null;
}
