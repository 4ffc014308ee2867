using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Maps;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Shows a map as a whole: asks those of its segments that have what is
/// wanted.</summary>
/// <param name="maxBytes">Maximum size of the reply.</param>
internal sealed class MapHandler(
    IActorRef index,
    SegmentClient segments,
    TimeProvider clock,
    TimeSpan within,
    RequestMemory memory,
    int maxBytes
)
{
    /// <summary>Cells of a heat-map, at most.</summary>
    public const int MaxCells = 100_000;

    /// <summary>Jobs whose rows are sent in one reply, at most.</summary>
    public const int MaxRows = 1_000;

    /// <summary>What a job takes until the reply is sent, without texts to sort by.</summary>
    private const long BytesPerJob = 32;

    public async Task<Outcome<MapReply>> MapAsync(
        MapViewRequest request,
        Identity by,
        CancellationToken cancel
    )
    {
        var query = QueryBinder.Read(request.Query, by.User);
        if (!query.Ok)
            return Usage(string.Join(' ', query.Errors.Select(error => error.Message)));
        if (request.Cells > MaxCells || JidRanges.Count(request.Rows) > MaxRows)
            return Usage($"A map is shown in at most {MaxCells} cells and {MaxRows} rows.");
        var (first, refusal) = await SubmissionAsync(request.Jid, by, cancel);
        if (refusal is not null)
            return refusal;
        var all = await SlicesAsync(first, SliceFilter.Everything, cancel);
        if (all.Count == 0)
            return Refusals.Unknown(new Jid(request.Jid));
        var last = all.Max(slice => slice.Last);
        var taken = await memory.TakeAsync(
            by,
            Math.Min((last - first + 1) * BytesPerJob, maxBytes),
            cancel
        );
        if (!taken.IsGranted)
            return taken.Refusal;
        using var held = taken.Reply;
        var fold = new MapFold(request, first, last, new FoundElements(query.Value));
        var wanted = await WantedAsync(request, query.Value, first, all, cancel);
        var read = Request(request, first);
        await foreach (var part in segments.ElementsAsync(read, wanted, by))
        {
            if (!part.IsGranted)
                return part.Refusal;
            cancel.ThrowIfCancellationRequested();
            fold.Add(part.Reply);
        }
        var reply = fold.Reply();
        await foreach (var rows in segments.DetailsAsync(Within(request.Rows, first, last), by))
            reply.Rows.Add(rows.Details.Where(job => !job.Deleted).Select(RowBuilder.Job));
        return reply.CalculateSize() > maxBytes ? SelectionCheck.TooLargeReply(maxBytes) : reply;
    }

    /// <summary>The first jid of the map that a job belongs to.</summary>
    private async Task<(long First, Refusal? Refusal)> SubmissionAsync(
        long jid,
        Identity by,
        CancellationToken cancel
    )
    {
        var find = new FindMapSlices(
            JidRanges.Range(jid, jid),
            by.IsAdmin ? null : by.User,
            After: 0,
            Limit: 1
        );
        var found = await index.Ask<MapSlicesFound>(find, within, cancel);
        if (found.Slices is [var slice, ..])
            return (slice.Map, null);
        var job = await segments.DetailAsync(new Jid(jid), by);
        return (0, job.IsGranted ? Usage($"Job {jid} is not a job of a map.") : job.Refusal);
    }

    private async Task<IReadOnlyList<JidRange>> SlicesAsync(
        long first,
        SliceFilter filter,
        CancellationToken cancel
    ) => (await index.Ask<SlicesFound>(new FindSlices(first, filter), within, cancel)).Slices;

    /// <summary>The segments to ask, in ascending order. Those without a failure or a possible
    /// match are left out, unless all are wanted.</summary>
    private async Task<IReadOnlyList<long>> WantedAsync(
        MapViewRequest request,
        BoundQuery query,
        long first,
        IReadOnlyList<JidRange> all,
        CancellationToken cancel
    )
    {
        var slices = new List<JidRange>();
        if (request.Cells > 0 || request.Submission)
            slices.AddRange(all);
        else
        {
            var now = clock.NowMicroseconds();
            if (request.Find)
                slices.AddRange(
                    await SlicesAsync(first, SliceFilter.OfEachJob(query, now), cancel)
                );
            if (request.Failures)
                slices.AddRange(await SlicesAsync(first, SliceFilter.WithFailures, cancel));
        }
        return [.. slices.Select(slice => Segments.Of(slice.First)).Distinct().Order()];
    }

    private ReadElements Request(MapViewRequest request, long first) =>
        new()
        {
            SubmissionFirst = first,
            Facts = request.Cells > 0,
            Failures = request.Failures,
            Find = request.Find,
            Query = request.Query,
            Submission = request.Submission,
            Now = clock.NowMicroseconds(),
        };

    /// <summary>The parts of ranges that are within the map.</summary>
    private static List<JidRange> Within(IEnumerable<JidRange> ranges, long first, long last) =>
        [
            .. ranges
                .Select(range =>
                    JidRanges.Range(Math.Max(first, range.First), Math.Min(last, range.Last))
                )
                .Where(range => range.First <= range.Last),
        ];

    private static Refusal Usage(string message) => Refusals.Of(RefusalCode.Usage, message);
}
