using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The jobs that have ended since the document before.</summary>
/// <param name="Counts">The number of all jobs in each status.</param>
/// <param name="Ended">The jobs that have ended.</param>
/// <param name="Finished">Whether all jobs have ended; nothing follows then.</param>
public sealed record EndsDocument(StatusCounts Counts, IEnumerable<EndedJobs> Ended, bool Finished)
    : PublicDocument
{
    public static EndsDocument Of(AwaitReply reply) =>
        new(StatusCounts.Of(reply.Counts), reply.Ended.Select(EndedJobs.Of), reply.Finished);
}

/// <summary>Consecutive jobs that have ended with the same status.</summary>
/// <param name="First">The first jid.</param>
/// <param name="Last">The last jid.</param>
/// <param name="Status">Their status.</param>
public sealed record EndedJobs(
    long First,
    long Last,
    [property: Form(JsonForm.Status)] string Status
)
{
    public static EndedJobs Of(StatusRun run) =>
        new(run.First, run.First + run.Count - 1, StatusNames.Of(run.Status));
}
