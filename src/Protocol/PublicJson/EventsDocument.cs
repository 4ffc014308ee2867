using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The history of jobs, newest last.</summary>
/// <param name="Events">Without a version of their own.</param>
public sealed record EventsDocument(IEnumerable<EventDocument> Events) : PublicDocument
{
    public static EventsDocument Of(IEnumerable<JobEvent> events) =>
        new(
            events
                .Select(EventDocument.Of)
                .OfType<EventDocument>()
                .Select(one => one with { Version = null })
        );
}

/// <summary>An event.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Jids">The jobs that it is about.</param>
/// <param name="What">A stable name.</param>
/// <param name="By">The user who asked for it; null: JobCloud itself.</param>
/// <param name="Node">The node concerned.</param>
/// <param name="Attempt">The attempt concerned.</param>
/// <param name="Message">A short description, without a full stop.</param>
public sealed record EventDocument(
    [property: Form(JsonForm.Instant)] string Time,
    [property: Form(JsonForm.Jids)] string Jids,
    string What,
    string? By,
    string? Node,
    int? Attempt,
    string Message
) : PublicDocument
{
    /// <summary>The event; null: it is internal and of no interest to users.</summary>
    public static EventDocument? Of(JobEvent fact) =>
        EventText.Of(fact) is { } line
            ? new(
                Instants.Print(line.When, TimeSpan.Zero),
                JidsOf(fact),
                line.What,
                PublicValues.Text(line.By),
                PublicValues.Text(line.Node),
                line.Attempt > 0 ? line.Attempt : null,
                line.Message
            )
            : null;

    /// <summary>The jobs of an event, as a jid list.</summary>
    public static string JidsOf(JobEvent fact) =>
        JidNotation.Print(JidRanges.Range(fact.Jid, fact.Jid + Math.Max(1, fact.Count) - 1));
}
