namespace JobCloud.Protocol.Inbound;

/// <summary>A member of the cluster as another one knows it.</summary>
/// <param name="Session">The number that tells it from an earlier member at its address.</param>
/// <param name="Roles">They never change.</param>
public sealed record KnownMember(
    string Address,
    int Session,
    WireStatus Status,
    IReadOnlyCollection<string> Roles
);
