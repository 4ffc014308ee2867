using System.Runtime.CompilerServices;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Sends the past events of jobs from the journal and, with follow, new events as they are
/// committed.</summary>
/// <param name="maxEvents">Maximum number of past events to send, the newest.</param>
internal sealed class EventsHandler(
    Selections selections,
    SegmentClient segments,
    Subscriptions subscriptions,
    JournalReader journal,
    int maxEvents,
    FollowAdmission admission,
    RequestMemory memory
)
{
    private const int PerMessage = 500;
    private const int MessageBytes = 512 << 10;

    /// <summary>Maximum size of the past events of one request in memory.</summary>
    private const int PastBytes = 32 << 20;

    private const long BytesPerJob = 2_048;

    /// <summary>Changes kept while a segment has not sent its first one.</summary>
    private const int MaxBuffered = 10_000;

    private static readonly Selection Everything = new()
    {
        Items = { new SelectionItem { Word = SelectionWord.All } },
    };

    public async IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(
        EventsRequest request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (request.Follow && request.Until > 0)
        {
            yield return Refusals.Of(
                RefusalCode.Usage,
                "Events cannot be both followed and limited to a time; give one of them."
            );
            yield break;
        }
        var selected = await selections.ResolveAsync(
            request.Jobs is { Items.Count: > 0 } named ? named : Everything,
            by,
            cancel
        );
        if (!selected.IsGranted)
        {
            yield return selected.Refusal;
            yield break;
        }
        var jobs = JidRanges.Normalize(selected.Reply);
        var most = Math.Min(JidRanges.Count(jobs), PastBytes / BytesPerJob) * BytesPerJob;
        var taken = await memory.TakeAsync(by, most, cancel);
        if (!taken.IsGranted)
        {
            yield return taken.Refusal;
            yield break;
        }
        using var held = taken.Reply;
        if (request.Follow)
        {
            var admitted = await admission.AdmitAsync(jobs, by);
            if (!admitted.IsGranted)
            {
                yield return admitted.Refusal;
                yield break;
            }
            using var place = admitted.Reply;
            await foreach (var reply in FollowAsync(request, jobs, by, cancel))
                yield return reply;
            yield break;
        }
        if (await segments.CheckAsync(jobs, by) is { } refusal)
        {
            yield return refusal;
            yield break;
        }
        var past = await ReadPastAsync(request, jobs, cancel);
        foreach (var reply in Replies(by, past))
            yield return reply;
    }

    /// <summary>Subscribes before it reads past events, so that none is missed; an event found in
    /// both is sent once.</summary>
    private async IAsyncEnumerable<Outcome<EventsReply>> FollowAsync(
        EventsRequest request,
        IReadOnlyList<JidRange> jobs,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var pending = JidRanges.BySegment(jobs).Select(part => part.Segment).ToHashSet();
        var buffered = new List<JobsMoved>();
        Dictionary<long, long>? lastSent = null;
        await foreach (var moved in subscriptions.SubscribeAsync(jobs, true, by, cancel))
        {
            if (Closed(moved, buffered.Count) is { } closed)
            {
                yield return closed;
                yield break;
            }
            buffered.Add(moved);
            pending.Remove(moved.Segment);
            if (pending.Count > 0)
                continue;
            if (lastSent is null)
            {
                lastSent = [];
                var past = await ReadPastAsync(request, jobs, cancel);
                foreach (var reply in Replies(by, past))
                {
                    foreach (var e in reply.Events)
                        lastSent[Segments.Of(e.Jid)] = Math.Max(
                            e.At,
                            lastSent.GetValueOrDefault(Segments.Of(e.Jid))
                        );
                    yield return reply;
                }
            }
            var recent = buffered.SelectMany(m =>
                m.Events.Where(e => e.At > lastSent.GetValueOrDefault(m.Segment))
            );
            foreach (var reply in Replies(by, recent))
                yield return reply;
            buffered.Clear();
        }
    }

    private static Refusal? Closed(JobsMoved moved, int buffered) =>
        moved.Refusal
        ?? (
            buffered < MaxBuffered
                ? null
                : Refusals.Of(
                    RefusalCode.Busy,
                    "Some of the jobs' segments do not answer while others change; try again in a moment."
                )
        );

    private static IEnumerable<EventsReply> Replies(Identity by, IEnumerable<JobEvent> events) =>
        Batches
            .Of(
                by.IsAdmin ? events : events.Select(EventsOfUsers.WithoutValues),
                PerMessage,
                MessageBytes
            )
            .Select(part => new EventsReply { Events = { part } });

    /// <summary>The past events. If there are more than a reply can have, the first one says
    /// so.</summary>
    private async Task<IEnumerable<JobEvent>> ReadPastAsync(
        EventsRequest request,
        IReadOnlyList<JidRange> jobs,
        CancellationToken cancel
    )
    {
        var most = request.Tail is > 0 and var tail ? Math.Min(tail, maxEvents) : maxEvents;
        var newest = new NewestEvents((int)most, PastBytes);
        var parts = JidRanges.BySegment(jobs).ToList();
        foreach (var part in parts)
        {
            await foreach (var row in journal.ReadAsync(part.Segment, 1, long.MaxValue, cancel))
            foreach (var e in row.Changed?.Events ?? [])
                if (
                    e.At >= request.Since
                    && (request.Until == 0 || e.At <= request.Until)
                    && (request.Tail == 0 || EventText.Of(e) is not null)
                    && JidRanges
                        .Intersect(part.Ranges, e.Jid, e.Jid + Math.Max(1, e.Count) - 1)
                        .Count > 0
                )
                    newest.Add(e, byTime: parts.Count > 1);
        }
        var kept = newest.TakeAll().ToList();
        if (!newest.IsCut || kept.Count == request.Tail)
            return kept;
        return kept.Prepend(
            new JobEvent
            {
                At = kept[0].At,
                Jid = kept[0].Jid,
                Count = kept[0].Count,
                HistoryCut = new HistoryCut { Kept = true },
            }
        );
    }
}
