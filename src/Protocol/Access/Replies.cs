using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Access;

/// <summary>Extensions of the reply envelope.</summary>
public static class Replies
{
    /// <summary>Whether no further reply of the call follows.</summary>
    public static bool IsLast(this Reply reply) => reply.End || reply.Refusal is not null;
}
