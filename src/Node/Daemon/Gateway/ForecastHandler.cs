using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Tells when queued jobs are expected to start: learns runtimes from the index and from
/// segments, and has the scheduler make the forecast. One that is at most a second old serves all
/// users.</summary>
internal sealed class ForecastHandler(
    IActorRef index,
    SegmentClient segments,
    IActorRef scheduler,
    TimeProvider clock,
    TimeSpan within,
    RequestMemory memory
)
{
    /// <summary>Segments that are asked when their jobs ran.</summary>
    public const int MaxSegments = 128;

    /// <summary>Unfinished submissions whose runtimes are looked up.</summary>
    private const int MaxUnfinished = 10_000;

    /// <summary>Submissions with done jobs that are looked at, the newest.</summary>
    private const int MaxDone = 3_000;
    private const int Page = 1_000;

    /// <summary>Each examines a bounded number of segments.</summary>
    private const int MaxPages = 64;

    private const long Bytes = 8 << 20;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>It reads the jobs of all users; each is told only of their own.</summary>
    private static readonly Identity Anybody = new("", Role.Admin);

    private readonly Lock _lock = new();
    private Task<Outcome<Made>>? _newest;
    private (long Started, long Jid) _newestOf;

    private sealed record Made(ForecastReply Reply, IReadOnlyList<JobRow> Rows);

    public async Task<Outcome<ForecastReply>> ForecastAsync(
        ForecastRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        if (request.Jid > 0 && await RefusalAsync(request.Jid, by) is { } refusal)
            return refusal;
        var taken = await memory.TakeAsync(by, Bytes, cancel);
        if (!taken.IsGranted)
            return taken.Refusal;
        using var held = taken.Reply;
        var made = await NewestAsync(request.Jid).WaitAsync(cancel);
        if (!made.IsGranted)
            return made.Refusal;
        var (reply, rows) = made.Reply;
        return by.IsAdmin
            ? reply
            : ForecastView.For(reply, by.User, jid => RowOf(rows, jid)?.Owner);
    }

    private async Task<Refusal?> RefusalAsync(long jid, Identity by) =>
        await segments.CheckAsync([JidRanges.Range(jid, jid)], by);

    private Task<Outcome<Made>> NewestAsync(long jid)
    {
        lock (_lock)
        {
            var isFresh =
                _newest is { IsFaulted: false }
                && _newestOf.Jid == jid
                && clock.GetElapsedTime(_newestOf.Started) < Fresh;
            if (!isFresh)
                (_newest, _newestOf) = (MakeAsync(jid), (clock.GetTimestamp(), jid));
            return _newest!;
        }
    }

    private async Task<Outcome<Made>> MakeAsync(long jid)
    {
        try
        {
            var work = await scheduler.Ask<WorkFound>(new AskWork(), within);
            if (work.TooMany)
                return new Made(new() { Lacking = ForecastText.TooLarge }, []);
            var rows = await RowsAsync(SliceFilter.WithUnfinished, MaxUnfinished);
            var done = await RowsAsync(SliceFilter.WithDone, MaxDone);
            var (known, started) = await LearnAsync(work, rows, done);
            var asked = Question(work, rows, known, started);
            asked.Jid = jid;
            var answer = await scheduler.Ask<object>(asked, within);
            if (answer is Refusal refusal)
                return refusal;
            var reply = (ForecastReply)answer;
            ForecastView.Complete(
                reply,
                rows.ToDictionary(static row => row.First),
                known,
                clock.NowMicroseconds()
            );
            return new Made(reply, rows);
        }
        catch (AskTimeoutException)
        {
            return Refusals.Of(
                RefusalCode.Busy,
                $"The scheduler or the index did not answer within {within.TotalSeconds:F0} s. "
                    + "Try again."
            );
        }
    }

    /// <summary>The submissions, the lowest jid first.</summary>
    private async Task<List<JobRow>> RowsAsync(SliceFilter filter, int most)
    {
        var rows = new List<JobRow>();
        long? after = null;
        for (var pages = 0; pages < MaxPages && rows.Count < most; pages++)
        {
            var page = await index.Ask<SubmissionsListed>(
                new ListSubmissions(filter, Page, after),
                within
            );
            rows.AddRange(page.Rows);
            after = page.Next;
            if (after is null)
                break;
        }
        return [.. rows.DistinctBy(static row => row.First).OrderBy(static row => row.First)];
    }

    /// <summary>The runtimes of done jobs, and when the active jobs started.</summary>
    private async Task<(KnownRuntimes Known, Dictionary<long, long> Started)> LearnAsync(
        WorkFound work,
        List<JobRow> unfinished,
        List<JobRow> done
    )
    {
        var (known, started) = (new KnownRuntimes(), new Dictionary<long, long>());
        // The newest tell most.
        for (var i = done.Count - 1; i >= 0; i--)
            if (done[i] is { Started: > 0 } row && row.First == row.Last)
                known.Add(row, Math.Max(1, row.Finished - row.Started));
        var wanted = RuntimeSources.Of(work, unfinished, done, MaxSegments);
        var parts = JidRanges.BySegment(wanted).ToList();
        var read = 0;
        await foreach (var part in segments.TimesAsync(wanted, Anybody))
        {
            // What a segment that does not answer would tell stays unknown.
            if (!part.IsGranted)
                break;
            var lives = part.Reply;
            var jids = JidRanges.Enumerate(parts[read++].Ranges).ToList();
            for (var i = 0; i < jids.Count && i < lives.Statuses.Length; i++)
                Learn(jids[i], i, lives);
        }
        return (known, started);

        void Learn(Jid jid, int i, TimesRead lives)
        {
            var (start, end) = (lives.Started[i], lives.Finished[i]);
            if (start == 0)
                return;
            if ((Status)lives.Statuses[i] == Status.Processing)
                started[jid] = start;
            else if (
                (Status)lives.Statuses[i] == Status.Done
                && (RowOf(unfinished, jid) ?? RowOf(done, jid)) is { } row
                && row.First < row.Last
            )
                known.Add(row, Math.Max(1, end - start));
        }
    }

    private AskForecast Question(
        WorkFound work,
        List<JobRow> rows,
        KnownRuntimes known,
        Dictionary<long, long> started
    )
    {
        var (asked, now) = (new AskForecast(), clock.NowMicroseconds());
        foreach (var row in rows)
            asked.Runtimes.Add(
                new ExpectedRuntime
                {
                    First = row.First,
                    Last = row.Last,
                    RuntimeUs = known.Of(row).Median,
                }
            );
        foreach (var jid in JidRanges.Enumerate(work.Active))
            if (started.TryGetValue(jid, out var start) && RowOf(rows, jid) is { } row)
            {
                var elapsed = Math.Max(0, now - start);
                asked.Running.Add(
                    new ExpectedEnd
                    {
                        Jid = jid,
                        ElapsedUs = elapsed,
                        RemainingUs = known.Of(row).Remaining(elapsed),
                    }
                );
            }
        return asked;
    }

    /// <summary>The row of a job among sorted ones; null: none.</summary>
    private static JobRow? RowOf(IReadOnlyList<JobRow> rows, long jid)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].Last < jid)
                low = middle + 1;
            else
                high = middle;
        }
        return low < rows.Count && rows[low].First <= jid ? rows[low] : null;
    }
}
