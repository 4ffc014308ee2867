using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A fact of the history as it is shown.</summary>
/// <param name="Number">In the order of hearing.</param>
/// <param name="Jid">The first job that it is about.</param>
internal sealed record EventRow(long Number, long Jid, string Jids, EventLine Line)
{
    /// <summary>Null: the fact says nothing to people.</summary>
    public static EventRow? Of(long number, JobEvent fact) =>
        EventText.Of(fact) is { } line
            ? new EventRow(
                number,
                fact.Jid,
                Protocol.Batches.Jids.Print(
                    JidRanges.Range(fact.Jid, fact.Jid + Math.Max(1, fact.Count) - 1)
                ),
                line
            )
            : null;
}
