using System.Text;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Inbound;

/// <summary>Checks what gossip between members says of their names: it can introduce members, but
/// not rename those that the receiver knows, nor its sender. Of a client's gossip it also checks
/// what it says of the status of others.</summary>
internal static class GossipClaims
{
    /// <summary>More members than any cloud has.</summary>
    public const int MaxMembers = 1_000;

    /// <summary>Roles of one member: its node's name, former ones, and what it does.</summary>
    private const int MaxRoles = 100;

    private const int Addresses = 1,
        Roles = 2,
        Members = 4;

    /// <summary>The fields of gossip that occur more than once: also hashes (3) and versions of
    /// programs (7 and 8).</summary>
    private const uint Repeated =
        1 << Addresses | 1 << Roles | 1 << 3 | 1 << Members | 1 << 7 | 1 << 8;

    /// <param name="gossip">The members with their statuses, as Akka.Cluster encodes them.</param>
    /// <param name="session">The session of the sender.</param>
    public static Claim Of(ReadOnlySpan<byte> gossip, in Speaker speaker, uint session)
    {
        var addresses = new List<(string Address, uint Session)>();
        var roles = new List<string>();
        if (!TryReadNames(gossip, addresses, roles))
            return Claim.False;
        var own = (Encoding.UTF8.GetString(speaker.Address), session);
        var said = new Dictionary<(string, uint), WireStatus>();
        var members = 0;
        var fields = new ProtoFields(gossip);
        while (fields.NextOf(Repeated))
        {
            if (fields.Field != Members)
                continue;
            if (
                !fields.IsBytes
                || ++members > MaxMembers
                || !TryReadMember(
                    fields.Bytes,
                    addresses,
                    roles,
                    out var member,
                    out var its,
                    out var status
                )
                || its.Count(static role => ClusterNames.NodeOf(role) is not null) > 1
                || speaker.Known.All.TryGetValue(member, out var known)
                    && !its.SetEquals(known.Roles)
                || member == own && !speaker.MayBe(its)
                || !said.TryAdd(member, status)
            )
                return Claim.False;
        }
        return fields.IsInvalid ? Claim.False
            : speaker.IsClient && !ClientClaims.May(own, said, speaker.Known) ? Claim.NotItsOwn
            : Claim.True;
    }

    /// <summary>Reads the lists to whose entries the members refer.</summary>
    private static bool TryReadNames(
        ReadOnlySpan<byte> gossip,
        List<(string, uint)> addresses,
        List<string> roles
    )
    {
        var fields = new ProtoFields(gossip);
        while (fields.NextOf(Repeated))
            switch (fields.Field)
            {
                case Addresses when fields.IsBytes && addresses.Count < MaxMembers:
                    if (!MembershipClaims.TryReadMember(fields.Bytes, out var at, out var session))
                        return false;
                    addresses.Add((at.ToString(), session));
                    break;
                case Roles when fields.IsBytes && roles.Count < MaxMembers * MaxRoles:
                    roles.Add(Encoding.UTF8.GetString(fields.Bytes));
                    break;
                case Addresses or Roles:
                    return false;
            }
        return !fields.IsInvalid;
    }

    private static bool TryReadMember(
        ReadOnlySpan<byte> bytes,
        List<(string, uint)> addresses,
        List<string> roles,
        out (string Address, uint Session) member,
        out HashSet<string> its,
        out WireStatus status
    )
    {
        const int addressAt = 1,
            statusAt = 3,
            rolesAt = 4;
        (member, its, status) = (default, [], default);
        var index = 0ul;
        var fields = new ProtoFields(bytes);
        while (fields.NextOf(1 << rolesAt))
            switch (fields.Field)
            {
                case addressAt when !fields.IsBytes:
                    index = fields.Number;
                    break;
                case statusAt when !fields.IsBytes:
                    status = (WireStatus)fields.Number;
                    break;
                case rolesAt when fields.IsBytes:
                    var packed = fields.Bytes;
                    while (!packed.IsEmpty)
                        if (
                            !ProtoFields.TryVarint(ref packed, out var one) || !Add(one, roles, its)
                        )
                            return false;
                    break;
                case rolesAt:
                    if (!Add(fields.Number, roles, its))
                        return false;
                    break;
                case addressAt or statusAt:
                    return false;
            }
        if (fields.IsInvalid || index >= (ulong)addresses.Count)
            return false;
        member = addresses[(int)index];
        return true;
    }

    private static bool Add(ulong index, List<string> roles, HashSet<string> its)
    {
        if (index >= (ulong)roles.Count || its.Count >= MaxRoles)
            return false;
        its.Add(roles[(int)index]);
        return true;
    }
}
