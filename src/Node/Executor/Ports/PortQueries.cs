using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Answers requests for the ports of jobs. Scans only on request, only the requested jobs,
/// on another thread. Owned by the event-loop thread.</summary>
internal sealed class PortQueries(
    HomePaths home,
    EventLoop loop,
    AttemptRegistry registry,
    ChildOwners owners,
    ExecutorLimits executorLimits,
    Action<PortsFound> answer,
    Action childAdded
) : IDisposable
{
    private const string NotReadable =
        "the job's processes belong to another user, so their ports cannot be read";

    /// <summary>Maximum number of requests that wait for a port; further ones are answered at
    /// once.</summary>
    private const int WaitingMax = 1_000;

    /// <summary>The time for which a scan answers further requests.</summary>
    private const long CacheMs = 200;

    /// <summary>Scan interval of a job while a client waits for its port.</summary>
    private const long IntervalMs = 25;

    /// <summary>Limits such scans to one part in this many of a core.</summary>
    private const int CoreShare = 4;

    private readonly PortLimits _limits = executorLimits.Ports;
    private readonly List<PortRequest> _requests = [];
    private readonly Dictionary<TrackedAttempt, CachedPorts> _known = [];
    private PortForwards? _forwards;
    private bool _scanning;
    private bool _waiting;
    private long _earliest;

    /// <param name="now">The time in ms, here and below.</param>
    public void Find(FindPorts query, long now)
    {
        var mayWait = query.Awaited is not null && _requests.Count < WaitingMax;
        _requests.Add(new(query, now, now + (mayWait ? query.WaitMs : 0), answer));
        AnswerReady(now);
    }

    /// <summary>Opens the published ports of a job that starts.</summary>
    public void Publish(AttemptId id, IEnumerable<PublishedPort> ports) =>
        Forwards.Publish(id, ports);

    private PortForwards Forwards =>
        _forwards ??= new(home.Run, executorLimits.Ports, LocateAsync, childAdded);

    /// <summary>Scans the sockets of a job once. Thread-safe.</summary>
    private Task LocateAsync(AttemptId id, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var query = new FindPorts
        {
            Attempts =
            {
                new AskedAttempt { Jid = id.Jid, Attempt = id.Number },
            },
        };
        loop.Post(now =>
        {
            _requests.Add(new(query, now.Ms, now.Ms, _ => done.TrySetResult()));
            AnswerReady(now.Ms);
        });
        return done.Task.WaitAsync(cancel);
    }

    public void Ended(TrackedAttempt attempt, long now)
    {
        _forwards?.Close(attempt.Id);
        _known.Remove(attempt);
        if (_requests.Count > 0)
            AnswerReady(now);
    }

    public void Dispose() => _forwards?.Dispose();

    /// <summary>Answers what it can, and scans for the rest.</summary>
    private void AnswerReady(long now)
    {
        var wanted = new HashSet<TrackedAttempt>();
        for (var i = _requests.Count - 1; i >= 0; i--)
        {
            var live = LiveAttempts(_requests[i].Query);
            if (TryAnswer(_requests[i], live, now))
                _requests.RemoveAt(i);
            else
                wanted.UnionWith(live);
        }
        if (wanted.Count > 0 && !_scanning)
            ScanOrWait(wanted, now);
    }

    private List<TrackedAttempt> LiveAttempts(FindPorts query)
    {
        var live = new List<TrackedAttempt>();
        foreach (var one in query.Attempts)
        {
            if (
                registry.TryGet(new(one.Jid, one.Attempt), out var attempt)
                && attempt.LiveJob is not null
            )
                live.Add(attempt);
        }
        return live;
    }

    private bool TryAnswer(PortRequest request, List<TrackedAttempt> live, long now)
    {
        var found = new PortsFound { Request = request.Query.Request };
        var isMet = request.Query.Awaited is null || now >= request.Until;
        foreach (var attempt in live)
        {
            if (!_known.TryGetValue(attempt, out var known) || known.At + CacheMs < request.At)
                return false;
            found.Attempts.Add(known.Ports);
            isMet |= request.Query.Awaited is { } awaited && IsListening(known.Ports, awaited);
        }
        if (!isMet && live.Count == request.Query.Attempts.Count)
            return false;
        request.Answer(found);
        return true;
    }

    private static bool IsListening(AttemptPorts seen, AwaitedPort awaited) =>
        seen.Trouble.Length > 0
        || seen.Ports.Ports.Any(p => p.Transport == awaited.Transport && p.Port == awaited.Port);

    private void ScanOrWait(HashSet<TrackedAttempt> wanted, long now)
    {
        if (now >= _earliest)
            Collect(wanted, now);
        else if (!_waiting)
        {
            _waiting = true;
            loop.At(
                _earliest,
                later =>
                {
                    _waiting = false;
                    AnswerReady(later.Ms);
                }
            );
        }
    }

    private void Collect(HashSet<TrackedAttempt> wanted, long at)
    {
        _scanning = true;
        Background.Run(
            loop,
            () =>
            {
                var before = Libc.ThreadTimeNs();
                var snapshot = ProcessSnapshot.Take();
                var cost = Libc.ThreadTimeNs() - before;
                loop.Post(now => Scan(JobProcesses.Of(wanted, snapshot, owners, now.Ms), at, cost));
                return Task.CompletedTask;
            },
            EndScan
        );
    }

    /// <param name="cost">CPU time of the scan so far, ns.</param>
    private void Scan(Dictionary<TrackedAttempt, List<int>> processes, long at, long cost)
    {
        var forwards = Forwards;
        Background.Run(
            loop,
            async () =>
            {
                var before = Libc.ThreadTimeNs();
                var scan = new SocketScan();
                var node = NodeAddress.Of(_limits.Address);
                var scans = processes.Select(job => (job.Key, Collect(job.Value, scan))).ToList();
                cost += Libc.ThreadTimeNs() - before;
                var seen = new List<(TrackedAttempt, CachedPorts)>();
                foreach (var (attempt, found) in scans)
                    seen.Add(
                        (attempt, new(await ReachAsync(forwards, attempt.Id, found, node), at))
                    );
                loop.Post(now => HandleScan(seen, cost / 1_000_000, now.Ms));
            },
            EndScan
        );
    }

    /// <summary>After a scan that failed.</summary>
    private void EndScan(Moment now) => HandleScan([], costMs: 0, now.Ms);

    private static SeenSockets Collect(List<int> pids, SocketScan scan) =>
        new(scan.Of(pids, out var unreadable), unreadable);

    private static async Task<AttemptPorts> ReachAsync(
        PortForwards forwards,
        AttemptId id,
        SeenSockets found,
        string node
    )
    {
        var ports = new JobPorts();
        foreach (var seen in found.All)
        {
            if (await ReachAsync(forwards, id, seen, node) is { } port)
                ports.Ports.Add(port);
        }
        return new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Ports = ports,
            Trouble = found.Unreadable && ports.Ports.Count == 0 ? NotReadable : "",
        };
    }

    private static async ValueTask<JobPort?> ReachAsync(
        PortForwards forwards,
        AttemptId id,
        FoundSocket seen,
        string node
    ) =>
        seen.IsIsolated
            ? await forwards.ReachAsync(id, seen, node)
            : new JobPort
            {
                Transport = seen.Socket.Transport,
                Port = seen.Socket.Port,
                Address = PortReachability.Address(seen.Socket.Address, node),
                ReachedPort = seen.Socket.Port,
            };

    /// <param name="costMs">CPU time of the scan.</param>
    private void HandleScan(List<(TrackedAttempt, CachedPorts)> all, long costMs, long now)
    {
        _scanning = false;
        _earliest = now + Math.Max(IntervalMs, costMs * CoreShare);
        foreach (var old in _known.Where(k => k.Value.At + CacheMs < now).ToArray())
            _known.Remove(old.Key);
        foreach (var (attempt, known) in all)
        {
            if (attempt.LiveJob is not null)
                _known[attempt] = known;
            else
                // The job ended during the scan, and its network may have been opened after that.
                _forwards?.Close(attempt.Id);
        }
        AnswerReady(now);
    }

    /// <param name="At">Time of the request, ms.</param>
    /// <param name="Until">Time at which it is answered with the current ports, ms.</param>
    private sealed record PortRequest(
        FindPorts Query,
        long At,
        long Until,
        Action<PortsFound> Answer
    );

    /// <param name="Unreadable">Some processes cannot be inspected.</param>
    private sealed record SeenSockets(IReadOnlyList<FoundSocket> All, bool Unreadable);

    /// <param name="At">Start of the scan, ms.</param>
    private sealed record CachedPorts(AttemptPorts Ports, long At);
}
