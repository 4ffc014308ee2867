using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Applies the feed. Not thread-safe.</summary>
internal sealed class CloudState
{
    /// <summary>The number of newest events kept.</summary>
    public const int EventsKept = 2_000;

    /// <summary>The number of usage samples kept per node.</summary>
    public const int UseKept = 120;

    /// <summary>The number of running jobs shown per node, the oldest first.</summary>
    public const int RunningKept = 8;

    private readonly WaitCounter _waits = new();
    private readonly RunningJobs _running = new();
    private readonly PulseSampler _pulse = new();
    private readonly Dictionary<string, SampleWindow> _use = [];
    private readonly UsageTracker _usages = new();
    private readonly JobIndex _jobs;
    private readonly EventLog _events = new(EventsKept);
    private IReadOnlyList<NodeView> _nodes = [];
    private IReadOnlyList<long> _counts = [];
    private Snapshot _last = Snapshot.Empty;
    private bool _byUsage;
    private bool _truncated;
    private bool _usagesChanged;
    private bool _moreNodes;
    private bool _changed;
    private long _second;

    public CloudState() => _jobs = new JobIndex(_usages);

    public void SetQuery(TableQuery query)
    {
        _byUsage = query.By is not null;
        _jobs.SetQuery(query);
        _changed = true;
    }

    /// <summary>The row that begins with a jid; null: none.</summary>
    public JobRow? Find(long first) => _jobs.Find(first);

    public void Apply(FeedNews update)
    {
        _changed = true;
        if (update.Full)
            Reset();
        foreach (var row in update.Rows)
            Change(_jobs.Set(row), row);
        foreach (var row in update.Progress)
            if (_jobs.Progress(row) is { } before)
                Change(before, row);
        foreach (var first in update.Removed)
            Change(_jobs.Remove(first), null);
        ApplyNodes(update);
        if (update.Counts is { } counts)
        {
            _counts = [.. counts.Jobs];
            _pulse.SetCounts(counts);
        }
        foreach (var jobEvent in update.Events)
            _events.Add(jobEvent);
        _usages.AddSamples(update.Usages, update.At);
        _usagesChanged |= update.Usages.Count > 0;
        _truncated = update.Full ? update.Truncated : _truncated || update.Truncated;
    }

    /// <summary>Adds the events of before this client joined, oldest first.</summary>
    /// <param name="since">From when on none is missing, in µs.</param>
    public void AddPast(IReadOnlyList<JobEvent> events, long since)
    {
        _changed = true;
        _events.AddPast(events, since);
    }

    /// <summary>The current snapshot; the same instance while nothing changed.</summary>
    /// <param name="now">The current time in µs.</param>
    public Snapshot Take(long now)
    {
        var jobs = _jobs.Take(_last.Jobs, now);
        var beat = Beat(now / 1_000_000);
        if (!_changed && !beat && ReferenceEquals(jobs, _last.Jobs))
            return _last;
        _last = new Snapshot(
            _last.Version + 1,
            jobs,
            [.. _nodes.Select(Line)],
            beat ? _pulse.View() : _last.Pulse,
            _counts,
            _events.View(),
            _events.Since,
            _usagesChanged ? _usages.View() : _last.Usages,
            _waits.View(_nodes, Count(Status.Waiting) + Count(Status.Queued), _truncated),
            _byUsage ? _running.All(FeedLimits.Visible) : [],
            _truncated
        );
        (_changed, _usagesChanged) = (false, false);
        return _last;
    }

    /// <summary>Keeps the usage of these jobs only.</summary>
    public void SetVisible(IReadOnlyList<long> visible) => _usagesChanged |= _usages.Keep(visible);

    // When one node changed, the feed sends all of them, in several messages if there are many.
    private void ApplyNodes(FeedNews update)
    {
        if (update.Full || update.Nodes.Count > 0)
        {
            IEnumerable<NodeView> before = _moreNodes && !update.Full ? _nodes : [];
            _nodes = [.. before.Concat(update.Nodes).OrderBy(n => n.Name, StringComparer.Ordinal)];
        }
        _moreNodes = update.More && update.Nodes.Count > 0;
    }

    private void Change(JobRow? before, JobRow? after)
    {
        _waits.Change(before, after);
        _running.Change(before, after);
    }

    private void Reset()
    {
        _jobs.Clear();
        _waits.Clear();
        _running.Clear();
        _usages.Clear();
        _events.Clear();
        _usagesChanged = true;
        _pulse.Reset();
    }

    private bool Beat(long second)
    {
        if (second > _second)
        {
            _second = second;
            foreach (var node in _nodes)
                UseOf(node.Name).Add(Share(node));
        }
        return _pulse.Sample(second);
    }

    private NodeLine Line(NodeView node) =>
        new(
            node,
            UseOf(node.Name).ToArray(),
            [.. _running.On(node.Name, RunningKept).Select(_jobs.Find).OfType<JobRow>()]
        );

    private long Count(Status status) => (int)status < _counts.Count ? _counts[(int)status] : 0;

    private SampleWindow UseOf(string node)
    {
        if (!_use.TryGetValue(node, out var ring))
            _use[node] = ring = new SampleWindow(UseKept);
        return ring;
    }

    private static double Share(NodeView node) =>
        node.Capacity is { Cores: > 0 } all ? (node.InUse?.Cores ?? 0) / (double)all.Cores : 0;
}
