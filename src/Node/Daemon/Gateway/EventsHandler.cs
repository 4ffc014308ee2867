using System.Runtime.CompilerServices;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Sends the past events of jobs from the journal and, with follow, new events as they are
/// committed.</summary>
/// <param name="maxEvents">Maximum number of past events to send, the newest.</param>
internal sealed class EventsHandler(
    Selections selections,
    SegmentClient segments,
    Subscriptions subscriptions,
    JournalReader journal,
    int maxEvents
)
{
    private const int PerMessage = 500;

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
        if (await segments.CheckAsync(jobs, by) is { } refusal)
        {
            yield return refusal;
            yield break;
        }
        if (!request.Follow)
        {
            foreach (var part in (await ReadPastAsync(jobs, cancel)).Chunk(PerMessage))
                yield return new EventsReply { Events = { part } };
            yield break;
        }
        await foreach (var reply in FollowAsync(jobs, cancel))
            yield return reply;
    }

    /// <summary>Subscribes before it reads past events, so that none is missed; an event found in
    /// both is sent once.</summary>
    private async IAsyncEnumerable<Outcome<EventsReply>> FollowAsync(
        IReadOnlyList<JidRange> jobs,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var pending = JidRanges.BySegment(jobs).Select(part => part.Segment).ToHashSet();
        var buffered = new List<JobsMoved>();
        Dictionary<long, long>? lastSent = null;
        await foreach (var moved in subscriptions.SubscribeAsync(jobs, true, cancel))
        {
            if (moved.Refusal is { } closed)
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
                var past = await ReadPastAsync(jobs, cancel);
                lastSent = past.GroupBy(e => Segments.Of(e.Jid))
                    .ToDictionary(s => s.Key, s => s.Max(e => e.At));
                foreach (var part in past.Chunk(PerMessage))
                    yield return new EventsReply { Events = { part } };
            }
            var recent = buffered
                .SelectMany(m => m.Events.Where(e => e.At > lastSent.GetValueOrDefault(m.Segment)))
                .ToList();
            buffered.Clear();
            if (recent.Count > 0)
                yield return new EventsReply { Events = { recent } };
        }
    }

    private async Task<IReadOnlyList<JobEvent>> ReadPastAsync(
        IReadOnlyList<JidRange> jobs,
        CancellationToken cancel
    )
    {
        var events = new List<JobEvent>();
        var parts = JidRanges.BySegment(jobs).ToList();
        foreach (var part in parts)
        {
            await foreach (var row in journal.ReadAsync(part.Segment, 1, long.MaxValue, cancel))
            foreach (var e in row.Changed?.Events ?? [])
                if (
                    JidRanges.Intersect(part.Ranges, e.Jid, e.Jid + Math.Max(1, e.Count) - 1).Count
                    > 0
                )
                    events.Add(e);
        }
        if (parts.Count > 1)
            events = [.. events.OrderBy(e => e.At)];
        return events.Count > maxEvents
            ? events.GetRange(events.Count - maxEvents, maxEvents)
            : events;
    }
}
