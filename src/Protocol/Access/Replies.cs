using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Access;

/// <summary>Replies of a call in their envelopes.</summary>
public static class Replies
{
    /// <summary>Whether the call has no further reply.</summary>
    public static bool IsLast(this Reply reply) => reply.End || reply.Refusal is not null;
}
