using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>An event as shown in the list.</summary>
/// <param name="Number">The number in order of arrival.</param>
/// <param name="Jid">The first job concerned.</param>
internal sealed record EventRow(long Number, Jid Jid, string Jids, EventLine Line)
{
    /// <summary>Null: the event is not shown to users.</summary>
    public static EventRow? Of(long number, JobEvent fact) =>
        EventText.Of(fact) is { } line
            ? new EventRow(
                number,
                new Jid(fact.Jid),
                Protocol.Notation.JidNotation.Print(
                    JidRanges.Range(fact.Jid, fact.Jid + Math.Max(1, fact.Count) - 1)
                ),
                line
            )
            : null;
}
