using JobCloud.Protocol.Events;
using JobCloud.Protocol.States;

namespace JobCloud.Protocol.Jobs;

/// <summary>The journal row that replaces all earlier rows of a segment.</summary>
public static class CompactedRow
{
    public static SegmentCompacted Of(SegmentState state, SegmentHistory history)
    {
        var row = new SegmentCompacted { HistoryCut = history.IsCut };
        row.State = PackedMessage.Pack(state, out var size);
        row.StateSize = size;
        row.History = PackedMessage.Pack(new JobsChanged { Events = { history.Events } }, out size);
        row.HistorySize = size;
        return row;
    }

    /// <exception cref="ImpossibleEventException">The row is damaged.</exception>
    public static SegmentState State(SegmentCompacted row) =>
        PackedMessage.Unpack(SegmentState.Parser, row.State, row.StateSize);

    /// <summary>The events that the row keeps, complete. The first one says if earlier ones were
    /// dropped.</summary>
    /// <exception cref="ImpossibleEventException">The row is damaged.</exception>
    public static IReadOnlyList<JobEvent> History(long segment, SegmentCompacted row)
    {
        var history = new SegmentHistory();
        history.Add(row);
        var events = history.Events.ToList();
        var of = new Segment(segment);
        of.Restore(State(row));
        var slices = of.Slices.ToDictionary(slice => slice.First);
        foreach (var e in events)
            if (e.Submitted is not null && slices.TryGetValue(e.Jid, out var slice))
                e.Submitted = slice.Submitted;
        if (history.IsCut)
            events.Insert(0, Cut(of, events));
        return events;
    }

    private static JobEvent Cut(Segment segment, List<JobEvent> kept) =>
        new()
        {
            At = kept.FirstOrDefault()?.At ?? segment.Slices.LastOrDefault()?.Created ?? 0,
            Jid = segment.First,
            Count = (int)(segment.Highest - segment.First + 1),
            HistoryCut = new HistoryCut(),
        };
}
