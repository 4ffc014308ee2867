using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using SegmentSpan = JobCloud.Protocol.Notation.Segments;

namespace JobCloud.Protocol.Scheduling;

internal enum SlotStage : byte
{
    None,

    /// <summary>Assigned by the scheduler; its segment has not confirmed it yet.</summary>
    Pending,
    Assigned,
    Processing,
}

internal struct AttemptSlot
{
    /// <summary>The assignment may never have arrived.</summary>
    public const long InDoubt = 0;

    public Demand? Demand;
    public NodeAccount? Node;

    /// <summary>When it was assigned, as far as this scheduler knows.</summary>
    public long SentAt;

    /// <summary>When its node was last asked to hand it back; 0: never.</summary>
    public long RecalledAt;
    public string? AvoidNode;
    public int Priority;

    /// <summary>Whether its priority is not the one that its node knows.</summary>
    public bool IsMoved;
    public bool Restarted;
    public SlotStage Stage;
}

/// <summary>The active attempts: one page of slots per segment with attempts.</summary>
internal sealed class AttemptSlots
{
    private readonly record struct Sent(long First, int Count, long At);

    private sealed class Page
    {
        public readonly AttemptSlot[] Slots = new AttemptSlot[SegmentSpan.Size];
        public int Used;
    }

    private readonly Dictionary<long, Page> _pages = [];
    private readonly Queue<Sent> _unconfirmed = [];

    public IReadOnlyCollection<long> Segments => _pages.Keys;

    public bool Has(long segment) => _pages.ContainsKey(segment);

    /// <summary>When the oldest possibly unconfirmed assignment was sent; null: none.</summary>
    public long? OldestSent => _unconfirmed.TryPeek(out var sent) ? sent.At : null;

    public AttemptSlot Find(Jid jid) =>
        _pages.TryGetValue(SegmentSpan.Of(jid), out var page)
            ? page.Slots[SegmentSpan.IndexOf(jid)]
            : default;

    /// <summary>All attempts of a segment, ordered by jid.</summary>
    public IEnumerable<(Jid Jid, AttemptSlot Attempt)> In(long segment)
    {
        if (!_pages.TryGetValue(segment, out var page))
            yield break;
        for (var i = 0; i < page.Slots.Length; i++)
            if (page.Slots[i].Stage != SlotStage.None)
                yield return (new Jid((segment << SegmentSpan.Shift) + i), page.Slots[i]);
    }

    /// <summary>Records assignments to a node; none of the jobs may have an attempt.</summary>
    public void Send(long first, int count, Shape shape, NodeAccount node, long at)
    {
        Restore(
            first,
            count,
            new AttemptSlot
            {
                Demand = shape.Demand,
                Node = node,
                SentAt = at,
                AvoidNode = shape.AvoidNode,
                Priority = shape.Priority,
                Restarted = shape.Restarted,
                Stage = SlotStage.Pending,
            }
        );
        _unconfirmed.Enqueue(new Sent(first, count, at));
    }

    /// <summary>Restores assignments that were sent and then cleared.</summary>
    public void Restore(long first, int count, in AttemptSlot sent)
    {
        var page = PageOf(new Jid(first));
        page.Slots.AsSpan(SegmentSpan.IndexOf(first), count).Fill(sent);
        page.Used += count;
        sent.Node!.Hold(sent.Demand!, count);
        sent.Demand!.Hold(count);
    }

    /// <summary>Records an attempt as reported by its segment, in place of an earlier
    /// one.</summary>
    public void Confirm(ActiveAttempt active, Demand demand, NodeAccount node, long now)
    {
        var (jid, started) = (new Jid(active.Jid), active.Started);
        var page = PageOf(jid);
        ref var slot = ref page.Slots[SegmentSpan.IndexOf(jid)];
        if (slot.Stage != SlotStage.None && (slot.Demand != demand || slot.Node != node))
            Release(page, ref slot);
        if (slot.Stage == SlotStage.None)
        {
            page.Used++;
            slot.SentAt = now;
            node.Hold(demand, 1);
            demand.Hold(1);
        }
        if (started && slot.Stage != SlotStage.Processing)
            node.Started(demand);
        else if (!started && slot.Stage == SlotStage.Processing)
            started = true;
        slot.Stage = started ? SlotStage.Processing : SlotStage.Assigned;
        slot.IsMoved |= slot.Demand is not null && slot.Priority != active.Priority;
        (slot.Demand, slot.Node) = (demand, node);
        (slot.Priority, slot.Restarted) = (active.Priority, active.Restarted);
        slot.AvoidNode = active.AvoidNode;
    }

    /// <summary>Records that the attempt's node was asked to hand it back.</summary>
    public void Recall(Jid jid, long at) =>
        PageOf(jid).Slots[SegmentSpan.IndexOf(jid)].RecalledAt = at;

    /// <summary>Ends the job's attempt, if any, and frees its resources.</summary>
    public AttemptSlot End(Jid jid)
    {
        var segment = SegmentSpan.Of(jid);
        if (!_pages.TryGetValue(segment, out var page))
            return default;
        ref var slot = ref page.Slots[SegmentSpan.IndexOf(jid)];
        var ended = slot;
        if (slot.Stage == SlotStage.None)
            return ended;
        Release(page, ref slot);
        if (page.Used == 0)
            _pages.Remove(segment);
        return ended;
    }

    /// <summary>Removes all attempts of a segment; returns the assignments that it may still
    /// confirm.</summary>
    public List<(Jid Jid, AttemptSlot Attempt)> Clear(long segment)
    {
        var all = In(segment).ToList();
        foreach (var (jid, _) in all)
            End(jid);
        all.RemoveAll(static entry =>
            entry.Attempt.Stage != SlotStage.Pending || entry.Attempt.SentAt == AttemptSlot.InDoubt
        );
        return all;
    }

    /// <summary>
    /// Marks assignments as doubtful that were sent at or before an instant and never confirmed.
    /// They hold their node's capacity until their segment, one of those returned, sends a full
    /// update.
    /// </summary>
    public HashSet<long> DoubtUnconfirmed(long sentAt)
    {
        var segments = new HashSet<long>();
        while (_unconfirmed.TryPeek(out var sent) && sent.At <= sentAt)
        {
            _unconfirmed.Dequeue();
            var segment = SegmentSpan.Of(sent.First);
            if (!_pages.TryGetValue(segment, out var page))
                continue;
            foreach (ref var slot in page.Slots.AsSpan(SegmentSpan.IndexOf(sent.First), sent.Count))
            {
                if (slot.Stage != SlotStage.Pending || slot.SentAt != sent.At)
                    continue;
                slot.SentAt = AttemptSlot.InDoubt;
                segments.Add(segment);
            }
        }
        return segments;
    }

    /// <summary>A copy in which none is unconfirmed: nobody is asked about it.</summary>
    public AttemptSlots Copy(IReadOnlyDictionary<Demand, Demand> demands, NodeTable nodes)
    {
        var copy = new AttemptSlots();
        foreach (var (segment, page) in _pages)
        {
            var same = new Page { Used = page.Used };
            page.Slots.CopyTo(same.Slots, 0);
            foreach (ref var slot in same.Slots.AsSpan())
                if (slot.Stage != SlotStage.None)
                    (slot.Demand, slot.Node) = (demands[slot.Demand!], nodes.Find(slot.Node!.Name));
            copy._pages.Add(segment, same);
        }
        return copy;
    }

    /// <summary>Records that an attempt has started.</summary>
    public void Start(Jid jid)
    {
        ref var slot = ref PageOf(jid).Slots[SegmentSpan.IndexOf(jid)];
        if (slot.Stage is SlotStage.None or SlotStage.Processing)
            return;
        slot.Stage = SlotStage.Processing;
        slot.Node!.Started(slot.Demand!);
    }

    private Page PageOf(Jid jid)
    {
        var segment = SegmentSpan.Of(jid);
        if (!_pages.TryGetValue(segment, out var page))
            _pages.Add(segment, page = new Page());
        return page;
    }

    private static void Release(Page page, ref AttemptSlot slot)
    {
        slot.Node!.Release(slot.Demand!, slot.Stage == SlotStage.Processing);
        slot.Demand!.Release();
        slot = default;
        page.Used--;
    }
}
