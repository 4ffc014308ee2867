namespace JobCloud.Protocol.Inbound;

/// <summary>What a check of a message about membership finds.</summary>
internal enum Claim
{
    False,
    True,

    /// <summary>A client says of others what the receiver must hear from a node. Each client does
    /// now and then, when it hears of a change before the receiver, or after it.</summary>
    NotItsOwn,
}
