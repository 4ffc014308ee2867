using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>What happened in a past period, by the last attempt of each job that is not
/// deleted.</summary>
/// <param name="Spans">Consecutive spans of one length, oldest first.</param>
/// <param name="CountedFrom">Jobs with a lower jid are not counted; null: all are.</param>
/// <param name="Unread">Jobs of maps that are not counted, because their times are too
/// many.</param>
public sealed record ActivityDocument(
    IEnumerable<ActivitySpan> Spans,
    long? CountedFrom,
    long Unread
) : PublicDocument
{
    public static ActivityDocument Of(ActivityReply reply) =>
        new(
            reply.Submitted.Select((_, place) => ActivitySpan.Of(reply, place)),
            reply.CountedFrom > 0 ? reply.CountedFrom : null,
            reply.Unread
        );
}

/// <summary>Numbers of jobs in a span of time.</summary>
/// <param name="From">The start of the span.</param>
/// <param name="Until">Its end, where the next one starts.</param>
/// <param name="Submitted">Jobs that were submitted.</param>
/// <param name="Started">Jobs that started.</param>
/// <param name="Done">Jobs that ended with status done.</param>
/// <param name="Failed">Jobs that ended with another status.</param>
/// <param name="Processing">Jobs that were processing at the end of the span.</param>
/// <param name="Unstarted">Jobs that were waiting or queued at the end of the span.</param>
public sealed record ActivitySpan(
    [property: Form(JsonForm.Instant)] string From,
    [property: Form(JsonForm.Instant)] string Until,
    long Submitted,
    long Started,
    long Done,
    long Failed,
    long Processing,
    long Unstarted
)
{
    public static ActivitySpan Of(ActivityReply reply, int place)
    {
        var from = reply.From + place * reply.SpanUs;
        return new(
            Instants.Print(from, TimeSpan.Zero),
            Instants.Print(from + reply.SpanUs, TimeSpan.Zero),
            reply.Submitted[place],
            reply.Started[place],
            reply.Done[place],
            reply.Failed[place],
            reply.Processing[place],
            reply.Unstarted[place]
        );
    }
}
