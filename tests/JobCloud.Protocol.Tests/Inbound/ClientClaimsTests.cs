using JobCloud.Protocol.Inbound;
using static JobCloud.Protocol.Inbound.WireStatus;

namespace JobCloud.Protocol.Tests.Inbound;

/// <summary>What a client may say of the members of a cluster to one of them.</summary>
public sealed class ClientClaimsTests
{
    private static readonly (string, uint) Client = ("client", 1);
    private static readonly (string, uint) Node = ("node", 1);

    /// <summary>All that a client may say of a member of each status; null: nothing, as the leader
    /// that has removed it.</summary>
    private static readonly Dictionary<WireStatus, WireStatus?[]> Allowed = new()
    {
        [Joining] = [Joining, WeaklyUp, Up],
        [WeaklyUp] = [WeaklyUp, Up],
        [Up] = [Up],
        [Leaving] = [Leaving, Exiting],
        [Exiting] = [Exiting, null],
        [Down] = [Down, null],
    };

    public static TheoryData<WireStatus, WireStatus?> Pairs
    {
        get
        {
            var pairs = new TheoryData<WireStatus, WireStatus?>();
            foreach (var here in Allowed.Keys)
            foreach (var said in Enum.GetValues<WireStatus>().Cast<WireStatus?>().Append(null))
                pairs.Add(here, said);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_client_may_complete_a_join_or_a_leave_and_no_more(
        WireStatus here,
        WireStatus? said
    ) => Assert.Equal(Allowed[here].Contains(said), May(here, said));

    [Fact]
    public void A_client_invents_no_member() => Assert.False(May(null, Up));

    [Theory]
    [InlineData(null)]
    [InlineData(Up)]
    [InlineData(Leaving)]
    [InlineData(Down)]
    public void A_client_says_anything_of_itself(WireStatus? said)
    {
        var known = new KnownMembers([new("client", 1, Up, ["client"])]);
        Assert.True(ClientClaims.May(Client, Said(Client, said), known));
    }

    private static bool May(WireStatus? here, WireStatus? said) =>
        ClientClaims.May(
            Client,
            Said(Node, said),
            here is { } status ? new([new("node", 1, status, ["node.n1"])]) : KnownMembers.None
        );

    private static Dictionary<(string, uint), WireStatus> Said(
        (string, uint) member,
        WireStatus? status
    ) => status is { } its ? new() { [member] = its } : [];
}
