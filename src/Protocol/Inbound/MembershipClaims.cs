using System.Globalization;
using System.Text;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Inbound;

/// <summary>Checks that a member speaks for itself in messages about membership, and that a holder
/// of a client certificate joins as a client.</summary>
internal static class MembershipClaims
{
    private static readonly byte[] Join = Of("InternalClusterAction+Join");
    private static readonly byte[] Welcome = Of("InternalClusterAction+Welcome");
    private static readonly byte[] Exiting = Of("InternalClusterAction+ExitingConfirmed");
    private static readonly byte[] Gossip = Of("GossipEnvelope");
    private static readonly byte[] Status = Of("GossipStatus");
    private static readonly byte[] ClientRole = Encoding.UTF8.GetBytes(ClusterNames.Client);

    /// <param name="payload">A message of Akka.Cluster.</param>
    /// <param name="origin">The sender's address.</param>
    /// <param name="isClient">Whether the sender has a client certificate.</param>
    public static bool AreOwn(in WirePayload payload, ReadOnlySpan<byte> origin, bool isClient)
    {
        var manifest = payload.Manifest;
        if (manifest.SequenceEqual(Join))
            return StartsWithSender(payload.Body, origin)
                && (!isClient || JoinsAsClient(payload.Body));
        if (manifest.SequenceEqual(Exiting))
            return IsMember(payload.Body, origin);
        return !manifest.SequenceEqual(Welcome)
                && !manifest.SequenceEqual(Gossip)
                && !manifest.SequenceEqual(Status)
            || StartsWithSender(payload.Body, origin);
    }

    private static byte[] Of(string type) =>
        Encoding.UTF8.GetBytes($"Akka.Cluster.{type}, Akka.Cluster");

    /// <summary>Whether the first field is a member at this address.</summary>
    private static bool StartsWithSender(ReadOnlySpan<byte> body, ReadOnlySpan<byte> origin)
    {
        var fields = new ProtoFields(body);
        return fields.Next()
            && fields is { Field: 1, IsBytes: true }
            && IsMember(fields.Bytes, origin)
            && !OccursAgain(fields);
    }

    private static bool OccursAgain(ProtoFields fields)
    {
        while (fields.Next(repeated: 2))
            if (fields.Field == 1)
                return true;
        return fields.IsInvalid;
    }

    private static bool JoinsAsClient(ReadOnlySpan<byte> body)
    {
        var roles = 0;
        var fields = new ProtoFields(body);
        while (fields.Next(repeated: 2))
            if (fields.Field == 2 && (!fields.Bytes.SequenceEqual(ClientRole) || ++roles > 1))
                return false;
        return roles == 1 && !fields.IsInvalid;
    }

    /// <summary>Whether these are the bytes of a member, with an address and a number.</summary>
    private static bool IsMember(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> origin)
    {
        var fields = new ProtoFields(bytes);
        var isAt = false;
        while (fields.Next())
            if (fields is { Field: 1, IsBytes: true })
                isAt = RemoteOrigin.TryReadAddress(fields.Bytes, out var at) && Is(at, origin);
        return isAt && !fields.IsInvalid;
    }

    private static bool Is(RemoteOrigin at, ReadOnlySpan<byte> origin)
    {
        Span<byte> port = stackalloc byte[5];
        at.Port.TryFormat(port, out var length, provider: CultureInfo.InvariantCulture);
        return Take(ref origin, at.Protocol)
            && Take(ref origin, "://"u8)
            && Take(ref origin, at.System)
            && Take(ref origin, "@"u8)
            && Take(ref origin, at.Host)
            && Take(ref origin, ":"u8)
            && origin.SequenceEqual(port[..length]);
    }

    private static bool Take(ref ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> part)
    {
        if (!text.StartsWith(part))
            return false;
        text = text[part.Length..];
        return true;
    }
}
