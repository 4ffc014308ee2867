using System.Text;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Inbound;

/// <summary>Who sends a message about membership.</summary>
/// <param name="address">The address at which it introduced itself.</param>
/// <param name="isClient">Whether it has a client certificate.</param>
/// <param name="node">The node that its certificate names; null: names are not compared.</param>
/// <param name="known">The members as the receiver knows them.</param>
internal readonly ref struct Speaker(
    ReadOnlySpan<byte> address,
    bool isClient,
    string? node,
    KnownMembers known
)
{
    public ReadOnlySpan<byte> Address { get; } = address;
    public KnownMembers Known => known;
    public bool IsClient => isClient;

    /// <summary>Whether it may be a member with these roles: a client as that alone, a node under
    /// the name in its certificate, or as that node's client. A former name must not be that of a
    /// member elsewhere.</summary>
    public bool MayBe(IReadOnlyCollection<string> roles)
    {
        if (!isClient && node is null)
            return true;
        var isClientAlone = roles is { Count: 1 } && roles.Contains(ClusterNames.Client);
        if (isClient || isClientAlone)
            return isClientAlone;
        var names = roles.Select(ClusterNames.NodeOf).OfType<string>().ToArray();
        if (names is not [var name] || name != node)
            return false;
        var at = Encoding.UTF8.GetString(Address);
        foreach (var former in roles.Select(ClusterNames.FormerNodeOf).OfType<string>())
            if (known.IsElsewhere(former, at))
                return false;
        return true;
    }
}
