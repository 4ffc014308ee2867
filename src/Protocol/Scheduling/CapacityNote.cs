using System.Globalization;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Tells the user that no node can run what was submitted.</summary>
public static class CapacityNote
{
    /// <summary>One sentence; null: a node can run it.</summary>
    public static string? Of(SubmitReply reply) =>
        reply.NoNode.Length == 0 ? null
        : reply.First == 0 ? $"It could not run on any node now: {reply.NoNode}."
        : reply.First == reply.Last
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Job {reply.First} cannot run on any node now: {reply.NoNode}; it waits."
            )
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Jobs {reply.First}-{reply.Last} cannot run on any node now: {reply.NoNode}; they wait."
        );
}
