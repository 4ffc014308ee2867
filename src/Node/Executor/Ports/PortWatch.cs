using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Answers what jobs listen on. Looks only when somebody asks, at the asked jobs alone, on
/// another thread; owned by the loop's.</summary>
internal sealed class PortWatch(
    HomePaths home,
    EventLoop loop,
    AttemptBook book,
    ChildOwners owners,
    ExecutorLimits executorLimits,
    Action<PortsFound> answer,
    Action childAdded
) : IDisposable
{
    private const string NotReadable =
        "its processes are another user's, and what they listen on cannot be read";

    /// <summary>Questions that wait for a port at once; more are answered with what is
    /// there.</summary>
    private const int QuestionsMax = 1_000;

    /// <summary>What was seen answers further questions for so long.</summary>
    private const long CacheMs = 200;

    /// <summary>How often a job is looked at while somebody waits for it to listen.</summary>
    private const long IntervalMs = 25;

    /// <summary>Such looks take at most one part in so many of a core.</summary>
    private const int Share = 4;

    private readonly PortLimits _limits = executorLimits.Ports;
    private readonly Forwards _forwards = new(home.Run, executorLimits.Ports, childAdded);
    private readonly List<Question> _questions = [];
    private readonly Dictionary<Attempt, Known> _known = [];
    private bool _looking;
    private bool _waiting;
    private long _earliest;

    /// <param name="now">Ms, here and below.</param>
    public void Find(FindPorts asked, long now)
    {
        var mayWait = asked.Awaited is not null && _questions.Count < QuestionsMax;
        _questions.Add(new(asked, now, now + (mayWait ? asked.WaitMs : 0)));
        AnswerSome(now);
    }

    public void Ended(Attempt attempt, long now)
    {
        _forwards.Close(attempt.Id);
        _known.Remove(attempt);
        if (_questions.Count > 0)
            AnswerSome(now);
    }

    public void Dispose() => _forwards.Dispose();

    /// <summary>Answers what can be, and looks for the rest.</summary>
    private void AnswerSome(long now)
    {
        var wanted = new HashSet<Attempt>();
        for (var i = _questions.Count - 1; i >= 0; i--)
        {
            var living = Living(_questions[i].Asked);
            if (TryAnswer(_questions[i], living, now))
                _questions.RemoveAt(i);
            else
                wanted.UnionWith(living);
        }
        if (wanted.Count > 0 && !_looking)
            LookOrWait(wanted, now);
    }

    private List<Attempt> Living(FindPorts asked)
    {
        var living = new List<Attempt>();
        foreach (var one in asked.Attempts)
        {
            if (
                book.TryGet(new(one.Jid, one.Attempt), out var attempt)
                && attempt.Living is not null
            )
                living.Add(attempt);
        }
        return living;
    }

    private bool TryAnswer(Question question, List<Attempt> living, long now)
    {
        var found = new PortsFound { Request = question.Asked.Request };
        var isMet = question.Asked.Awaited is null || now >= question.Until;
        foreach (var attempt in living)
        {
            if (!_known.TryGetValue(attempt, out var known) || known.At + CacheMs < question.At)
                return false;
            found.Attempts.Add(known.Ports);
            isMet |= question.Asked.Awaited is { } awaited && Holds(known.Ports, awaited);
        }
        if (!isMet && living.Count == question.Asked.Attempts.Count)
            return false;
        answer(found);
        return true;
    }

    private static bool Holds(AttemptPorts seen, AwaitedPort awaited) =>
        seen.Trouble.Length > 0
        || seen.Ports.Ports.Any(p => p.Transport == awaited.Transport && p.Port == awaited.Port);

    private void LookOrWait(HashSet<Attempt> wanted, long now)
    {
        if (now >= _earliest)
            Look(wanted, now);
        else if (!_waiting)
        {
            _waiting = true;
            loop.At(
                _earliest,
                later =>
                {
                    _waiting = false;
                    AnswerSome(later.Ms);
                }
            );
        }
    }

    private void Look(HashSet<Attempt> wanted, long at)
    {
        _looking = true;
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                var before = Libc.ThreadTimeNs();
                var snapshot = ProcessSnapshot.Take();
                var cost = Libc.ThreadTimeNs() - before;
                loop.Post(now => Scan(JobProcesses.Of(wanted, snapshot, owners, now.Ms), at, cost));
            },
            null
        );
    }

    /// <param name="cost">Of the look so far: ns of a core, not of waiting for one.</param>
    private void Scan(Dictionary<Attempt, List<int>> processes, long at, long cost) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            async _ =>
            {
                var before = Libc.ThreadTimeNs();
                var scan = new SocketScan();
                var node = NodeAddress.Of(_limits.Address);
                var looks = processes.Select(job => (job.Key, Look(job.Value, scan))).ToList();
                cost += Libc.ThreadTimeNs() - before;
                var seen = new List<(Attempt, Known)>();
                foreach (var (attempt, look) in looks)
                    seen.Add((attempt, new(await ReachAsync(attempt.Id, look, node), at)));
                loop.Post(now => Seen(seen, cost / 1_000_000, now.Ms));
            },
            null
        );

    private static SeenSockets Look(List<int> pids, SocketScan scan) =>
        new(scan.Of(pids, out var unreadable), unreadable);

    private async Task<AttemptPorts> ReachAsync(AttemptId id, SeenSockets look, string node)
    {
        var ports = new JobPorts();
        foreach (var seen in look.All)
        {
            if (await ReachAsync(id, seen, node) is { } port)
                ports.Ports.Add(port);
        }
        return new()
        {
            Jid = id.Jid,
            Attempt = id.Number,
            Ports = ports,
            Trouble = look.Unreadable && ports.Ports.Count == 0 ? NotReadable : "",
        };
    }

    private async ValueTask<JobPort?> ReachAsync(AttemptId id, SeenSocket seen, string node) =>
        seen.IsIsolated
            ? await _forwards.ReachAsync(id, seen, node)
            : new JobPort
            {
                Transport = seen.Socket.Transport,
                Port = seen.Socket.Port,
                Address = PortReach.Address(seen.Socket.Address, node),
                ReachedPort = seen.Socket.Port,
            };

    /// <param name="costMs">Of the look.</param>
    private void Seen(List<(Attempt, Known)> all, long costMs, long now)
    {
        _looking = false;
        _earliest = now + Math.Max(IntervalMs, costMs * Share);
        foreach (var old in _known.Where(k => k.Value.At + CacheMs < now).ToArray())
            _known.Remove(old.Key);
        foreach (var (attempt, known) in all)
        {
            if (attempt.Living is not null)
                _known[attempt] = known;
            else
                // It ended while it was looked at, and its ports may have been opened after that.
                _forwards.Close(attempt.Id);
        }
        AnswerSome(now);
    }

    /// <param name="At">When it was asked, ms.</param>
    /// <param name="Until">When it is answered with what there is, ms.</param>
    private sealed record Question(FindPorts Asked, long At, long Until);

    /// <param name="Unreadable">Some process's may not be seen.</param>
    private sealed record SeenSockets(IReadOnlyList<SeenSocket> All, bool Unreadable);

    /// <param name="At">When the look began, ms.</param>
    private sealed record Known(AttemptPorts Ports, long At);
}
