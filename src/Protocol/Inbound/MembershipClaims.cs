using System.Text;

namespace JobCloud.Protocol.Inbound;

/// <summary>Checks that a member speaks for itself in messages about membership, and joins as what
/// its certificate says.</summary>
internal static class MembershipClaims
{
    private const int MaxRoles = 100;

    private static readonly byte[] Join = NameOf("InternalClusterAction+Join");
    private static readonly byte[] Welcome = NameOf("InternalClusterAction+Welcome");
    private static readonly byte[] Exiting = NameOf("InternalClusterAction+ExitingConfirmed");
    private static readonly byte[] Gossip = NameOf("GossipEnvelope");
    private static readonly byte[] Status = NameOf("GossipStatus");

    /// <param name="payload">A message of Akka.Cluster.</param>
    public static Claim Of(in WirePayload payload, in Speaker speaker)
    {
        const int gossipOfWelcome = 2,
            gossipOfEnvelope = 3;
        var manifest = payload.Manifest;
        if (manifest.SequenceEqual(Welcome))
            return OfGossip(payload.Body, gossipOfWelcome, speaker);
        if (manifest.SequenceEqual(Gossip))
            return OfGossip(payload.Body, gossipOfEnvelope, speaker);
        var isTrue =
            manifest.SequenceEqual(Join)
                ? StartsWithSender(payload.Body, speaker, out _)
                    && JoinsAsItself(payload.Body, speaker)
            : manifest.SequenceEqual(Exiting) ? IsSender(payload.Body, speaker, out _)
            : !manifest.SequenceEqual(Status) || StartsWithSender(payload.Body, speaker, out _);
        return isTrue ? Claim.True : Claim.False;
    }

    /// <summary>Reads the bytes of a member: an address and the number of its session.</summary>
    public static bool TryReadMember(
        ReadOnlySpan<byte> bytes,
        out RemoteOrigin at,
        out uint session
    )
    {
        at = default;
        session = 0;
        var isRead = false;
        var fields = new ProtoFields(bytes);
        while (fields.Next())
            switch (fields.Field)
            {
                case 1 when fields.IsBytes:
                    isRead = RemoteOrigin.TryReadAddress(fields.Bytes, out at);
                    break;
                case 2 when !fields.IsBytes:
                    session = (uint)fields.Number;
                    break;
            }
        return isRead && !fields.IsInvalid;
    }

    private static byte[] NameOf(string type) =>
        Encoding.UTF8.GetBytes($"Akka.Cluster.{type}, Akka.Cluster");

    /// <summary>Checks a message that starts with its sender and has gossip in a field.</summary>
    private static Claim OfGossip(ReadOnlySpan<byte> body, int at, in Speaker speaker)
    {
        if (!StartsWithSender(body, speaker, out var session))
            return Claim.False;
        ReadOnlySpan<byte> gossip = default;
        // Each field once: a parser would join two into other gossip than is checked here.
        var fields = new ProtoFields(body);
        while (fields.Next())
            if (fields.Field == at && fields.IsBytes)
                gossip = fields.Bytes;
        return fields.IsInvalid ? Claim.False : GossipClaims.Of(gossip, speaker, session);
    }

    /// <summary>Whether the first field is a member at the sender's address.</summary>
    private static bool StartsWithSender(
        ReadOnlySpan<byte> body,
        in Speaker speaker,
        out uint session
    )
    {
        session = 0;
        var fields = new ProtoFields(body);
        return fields.Next()
            && fields is { Field: 1, IsBytes: true }
            && IsSender(fields.Bytes, speaker, out session)
            && !OccursAgain(fields);
    }

    private static bool OccursAgain(ProtoFields fields)
    {
        while (fields.Next(repeated: 2))
            if (fields.Field == 1)
                return true;
        return fields.IsInvalid;
    }

    private static bool IsSender(ReadOnlySpan<byte> bytes, in Speaker speaker, out uint session) =>
        TryReadMember(bytes, out var at, out session) && at.Is(speaker.Address);

    private static bool JoinsAsItself(ReadOnlySpan<byte> body, in Speaker speaker)
    {
        var roles = new List<string>();
        var fields = new ProtoFields(body);
        while (fields.Next(repeated: 2))
            if (fields.Field == 2)
            {
                if (!fields.IsBytes || roles.Count >= MaxRoles)
                    return false;
                roles.Add(Encoding.UTF8.GetString(fields.Bytes));
            }
        return !fields.IsInvalid && speaker.MayBe(roles);
    }
}
