using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The single jobs that each node runs, updated from the rows.</summary>
internal sealed class RunningJobs
{
    private readonly Dictionary<string, HashSet<long>> _byNode = [];

    /// <param name="before">The previous row; null: none.</param>
    /// <param name="after">The new row; null: removed.</param>
    public void Change(JobRow? before, JobRow? after)
    {
        var (left, entered) = (NodeOf(before), NodeOf(after));
        if (left == entered)
            return;
        if (left is not null)
            Leave(left, before!.First);
        if (entered is not null)
            Enter(entered, after!.First);
    }

    public void Clear() => _byNode.Clear();

    /// <summary>The lowest jids that a node runs, up to a limit.</summary>
    public IReadOnlyList<long> On(string node, int limit)
    {
        return _byNode.TryGetValue(node, out var jobs) ? Lowest(jobs, limit) : [];
    }

    /// <summary>The lowest jids that all nodes run, up to a limit.</summary>
    public IReadOnlyList<long> All(int limit) =>
        Lowest(_byNode.Values.SelectMany(jobs => jobs), limit);

    private static long[] Lowest(IEnumerable<long> jobs, int limit)
    {
        // Sorted on demand: a node runs few jobs, but thousands start and end there.
        var oldest = new SortedSet<long>();
        foreach (var jid in jobs)
        {
            if (oldest.Count == limit && jid >= oldest.Max)
                continue;
            if (oldest.Count == limit)
                oldest.Remove(oldest.Max);
            oldest.Add(jid);
        }
        return [.. oldest];
    }

    private void Enter(string node, long first)
    {
        if (!_byNode.TryGetValue(node, out var jobs))
            _byNode[node] = jobs = [];
        jobs.Add(first);
    }

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
