using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.Forecasts;

/// <summary>
/// Tells when and where queued jobs are expected to start: repeats the scheduler's rounds on a copy
/// of its ledger, in which jobs end after their expected runtimes. A job whose runtime is not known
/// keeps its place for good, so that no start is told that depends on it. It is mutable, has one
/// owner, and runs once. Instants are in µs.
/// </summary>
public sealed class Forecast
{
    // Recalls and questions to segments are matters of seconds, and of lost messages.
    private const long Never = 1L << 58;

    private readonly record struct Batch(long First, int Count, NodeAccount Node);

    private readonly Ledger _ledger;
    private readonly SchedulingPolicy _policy;
    private readonly ExpectedRuntimes _runtimes;
    private readonly ForecastLimits _limits;
    private readonly ForecastBars _bars;
    private readonly ForecastStarts _starts = new();
    private readonly PriorityQueue<Batch, (long At, long First)> _ends = new();
    private readonly SortedDictionary<string, UnstartedAttempts> _unstarted = new(
        StringComparer.Ordinal
    );
    private readonly ForecastReply _reply;
    private readonly long _wanted;
    private long _now;

    /// <param name="ledger">The scheduler's; it is copied.</param>
    public Forecast(
        Ledger ledger,
        SchedulingPolicy policy,
        long now,
        AskForecast asked,
        ForecastLimits limits
    )
    {
        (_ledger, _now, _limits) = (ledger.Copy(), now, limits);
        _policy = policy with { Limits = policy.Limits with { Prefetch = Never, Confirm = Never } };
        (_runtimes, _wanted, _bars) = (new(asked), asked.Jid, new(limits.Bars));
        _reply = new ForecastReply { At = now };
        foreach (var node in NodeViews.Of(ledger).Nodes)
            _reply.Nodes.Add(
                new ForecastNode
                {
                    Name = node.Name,
                    State = node.State,
                    Cores = node.Capacity.Cores,
                }
            );
    }

    /// <summary>Whether the ledger is too large to be copied.</summary>
    public static bool IsTooLarge(Ledger ledger, ForecastLimits limits)
    {
        var (ranges, segments) = ledger.Size;
        return ranges > limits.Ranges || segments > limits.Segments;
    }

    /// <summary>The jobs that a forecast would be about.</summary>
    public static WorkFound WorkOf(Ledger ledger, ForecastLimits limits)
    {
        if (IsTooLarge(ledger, limits))
            return new WorkFound { TooMany = true };
        var queued = ledger
            .Queue.Segments.SelectMany(ledger.Queue.In)
            .Select(static range => JidRanges.Range(range.First, range.Last));
        var active = new List<JidRange>();
        foreach (var segment in ledger.Attempts.Segments.Order())
        foreach (var (jid, _) in ledger.Attempts.In(segment))
            JidRanges.Append(active, jid);
        return active.Count > limits.Ranges
            ? new WorkFound { TooMany = true }
            : new WorkFound { Queued = { JidRanges.Normalize(queued) }, Active = { active } };
    }

    public ForecastReply Run()
    {
        Begin();
        var (rounds, work) = (0, 0L);
        while (_reply.Unforeseen > 0)
        {
            if (rounds++ == _limits.Rounds || work > _limits.Work)
            {
                _reply.Cut = true;
                break;
            }
            work += _ledger.Shapes.Count + _ledger.Nodes.Count;
            var plan = Scheduler.Solve(_ledger, _policy, _now);
            foreach (var assignment in plan.Assignments)
                Start(assignment);
            if (NextAfter(plan) is not { } next)
                break;
            if (next - _reply.At > _limits.Horizon)
            {
                _reply.Cut = true;
                break;
            }
            _now = next;
            EndAllDue();
        }
        return Finish();
    }

    private void Begin()
    {
        foreach (var segment in _ledger.Queue.Segments)
        foreach (var range in _ledger.Queue.In(segment))
            Expect(range.First, range.Count);
        var active = _ledger.Attempts.Segments.Order().SelectMany(_ledger.Attempts.In).ToList();
        foreach (var (jid, attempt) in active)
        {
            if (attempt.Stage == SlotStage.Processing)
                Continue(jid, attempt.Node!);
            else
            {
                Expect(jid, 1);
                if (!_unstarted.TryGetValue(attempt.Node!.Name, out var waiting))
                    _unstarted.Add(attempt.Node.Name, waiting = new(attempt.Node));
                waiting.Add(jid, attempt);
            }
        }
        foreach (var waiting in _unstarted.Values)
            StartFitting(waiting);
    }

    private void Expect(long first, int count)
    {
        foreach (var (from, jobs, of) in Parts(first, count))
        {
            _starts.Expect(of, jobs);
            _reply.Queued += jobs;
            _reply.Unforeseen += jobs;
            if (of.RuntimeUs == 0)
                _reply.UnknownQueued += jobs;
        }
    }

    /// <summary>Adds an attempt that runs already.</summary>
    private void Continue(Jid jid, NodeAccount node)
    {
        var end = _runtimes.EndOf(jid);
        var to = end is { RemainingUs: > 0 } ? _now + end.RemainingUs : 0;
        if (to == 0)
            _reply.UnknownRunning++;
        var from = _now - (end?.ElapsedUs ?? 0);
        var bar = BarOf(new Batch(jid, 1, node), from, to);
        bar.Running = true;
        _bars.Add(bar, _runtimes.Of(jid));
        EndLater(new Batch(jid, 1, node), to);
    }

    private void Start(Assignment assignment)
    {
        var node = _ledger.Node(assignment.Node)!;
        Start(new Batch(assignment.First, assignment.Count, node));
    }

    private void Start(Batch batch)
    {
        foreach (var (first, count, of) in Parts(batch.First, batch.Count))
        {
            for (var jid = new Jid(first); jid < first + count; jid++)
                _ledger.Attempts.Start(jid);
            var part = batch with { First = first, Count = count };
            var to = of.RuntimeUs > 0 ? _now + of.RuntimeUs : 0;
            _starts.Start(of, count, _now, to);
            _bars.Add(BarOf(part, _now, to), of);
            _reply.Unforeseen -= count;
            _reply.EmptyAt = _now;
            if (first <= _wanted && _wanted < first + count)
                _reply.StartsAt = _now;
            EndLater(part, to);
        }
    }

    private void EndLater(Batch batch, long at)
    {
        if (at == 0)
            return;
        _ends.Enqueue(batch, (at, batch.First));
        _reply.EndsAt = Math.Max(_reply.EndsAt, at);
    }

    private long? NextAfter(Plan plan)
    {
        var next = plan.NextRoundAt is { } round && round > _now ? round : long.MaxValue;
        if (_ends.TryPeek(out _, out var end))
            next = Math.Min(next, end.At);
        return next >= Never ? null : next;
    }

    private void EndAllDue()
    {
        while (_ends.TryPeek(out var batch, out var end) && end.At <= _now)
        {
            _ends.Dequeue();
            for (var jid = new Jid(batch.First); jid < batch.First + batch.Count; jid++)
                _ledger.Attempts.End(jid);
            if (_unstarted.TryGetValue(batch.Node.Name, out var waiting))
                StartFitting(waiting);
        }
    }

    private void StartFitting(UnstartedAttempts waiting)
    {
        foreach (var jid in waiting.TakeFitting())
            Start(new Batch(jid, 1, waiting.Node));
    }

    /// <summary>The jobs of each submission.</summary>
    private IEnumerable<(long First, int Count, ExpectedRuntime Of)> Parts(long first, int count)
    {
        for (var last = first + count - 1; first <= last; )
        {
            var of = _runtimes.Of(first);
            var until = of.Last >= first ? Math.Min(last, of.Last) : first;
            yield return (first, (int)(until - first + 1), of);
            first = until + 1;
        }
    }

    private static ForecastBar BarOf(Batch batch, long from, long to) =>
        new()
        {
            Node = batch.Node.Name,
            First = batch.First,
            Last = batch.First + batch.Count - 1,
            Jobs = batch.Count,
            From = from,
            To = to,
        };

    private ForecastReply Finish()
    {
        _reply.Bars.AddRange(_bars.All);
        _reply.Jobs.AddRange(_starts.All);
        if (_reply.Unforeseen > 0)
            _reply.EmptyAt = 0;
        if (_reply.Unforeseen > 0 || _reply.UnknownQueued > 0 || _reply.UnknownRunning > 0)
            _reply.EndsAt = 0;
        return _reply;
    }
}
