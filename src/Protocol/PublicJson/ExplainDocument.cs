using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Why a job waits, or why it ended as it did.</summary>
/// <param name="Jid">The jid of the job.</param>
/// <param name="Status">Its status.</param>
/// <param name="Summary">A sentence.</param>
/// <param name="Ahead">The number of queued jobs ahead of it.</param>
/// <param name="Nodes">What each node says to a queued job.</param>
/// <param name="Dependencies">The jobs that a waiting or stalled job depends on.</param>
public sealed record ExplainDocument(
    long Jid,
    [property: Form(JsonForm.Status)] string Status,
    string Summary,
    long Ahead,
    IEnumerable<PublicVerdict> Nodes,
    IEnumerable<PublicDependency> Dependencies
) : PublicDocument
{
    public static ExplainDocument Of(ExplainReply reply) =>
        new(
            reply.Jid,
            StatusNames.Of(reply.Status),
            reply.Summary,
            reply.Ahead,
            reply.Nodes.Select(node => new PublicVerdict(node.Node, node.FitsNow, node.Why)),
            reply.Dependencies.Select(run => new PublicDependency(
                JidNotation.Print(JidRanges.Range(run.First, run.First + run.Count - 1)),
                StatusNames.Of(run.Status)
            ))
        );
}

/// <summary>Whether a job can run on a node.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="FitsNow">Whether it could start there now.</param>
/// <param name="Why">The reason.</param>
public sealed record PublicVerdict(string Node, bool FitsNow, string Why);

/// <summary>Jobs that another job depends on.</summary>
/// <param name="Jids">Their jids.</param>
/// <param name="Status">Their status.</param>
public sealed record PublicDependency(
    [property: Form(JsonForm.Jids)] string Jids,
    [property: Form(JsonForm.Status)] string Status
);
