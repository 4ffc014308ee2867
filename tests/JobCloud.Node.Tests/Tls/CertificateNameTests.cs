using JobCloud.Attacks;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Inbound;

namespace JobCloud.Node.Tests.Tls;

/// <summary>What the holder of the certificate of node n1 may say to node n3, which knows itself,
/// n1 and n2.</summary>
public sealed class CertificateNameTests
{
    private const int OfN1 = 8001,
        OfN2 = 8002,
        OfN3 = 8003;

    private static readonly KnownMembers Known = new([
        new(AddressOf(OfN1), 1, WireStatus.Up, ["worker", "node.n1"]),
        new(AddressOf(OfN2), 1, WireStatus.Up, ["control", "node.n2"]),
        new(AddressOf(OfN3), 1, WireStatus.Up, ["control", "node.n3"]),
    ]);

    [Theory]
    [InlineData(OfN1, false)]
    [InlineData(9000, false)]
    [InlineData(OfN2, true)]
    [InlineData(OfN3, true)]
    public void A_node_cannot_use_the_address_of_another(int port, bool isRefused)
    {
        var verdict = Guard().Check(RawFrames.Introduction("127.0.0.1", port));
        Assert.Equal(isRefused, verdict.EndsLink);
        Assert.Equal(isRefused, verdict.Refusal is not null);
    }

    [Theory]
    [InlineData("control worker node.n1", false)]
    [InlineData("worker node.n1 was.n0", false)]
    [InlineData("client", false)]
    [InlineData("worker node.n2", true)]
    [InlineData("worker", true)]
    [InlineData("", true)]
    [InlineData("client worker", true)]
    [InlineData("worker node.n1 node.n2", true)]
    [InlineData("worker node.n1 was.n2", true)]
    public void A_node_can_join_only_under_its_own_name(string roles, bool isRefused) =>
        Assert.Equal(
            isRefused,
            IsRefused(
                "InternalClusterAction+Join",
                [
                    .. RawFrames.Field(1, Member(9000, 7)),
                    .. roles.Split(' ').SelectMany(role => RawFrames.Text(2, role)),
                ]
            )
        );

    [Fact]
    public void Names_are_not_compared_where_only_one_node_has_a_certificate()
    {
        byte[] join =
        [
            .. RawFrames.Field(1, Member(9000, 7)),
            .. RawFrames.Text(2, "worker"),
            .. RawFrames.Text(2, "node.n2"),
        ];
        Assert.False(IsRefused("InternalClusterAction+Join", join, node: null));
    }

    public static TheoryData<string, (int Port, int Session, string Roles)[], bool> Gossip =>
        new()
        {
            { "all as it is", [(9000, 7, "worker node.n1"), (OfN2, 1, "control node.n2")], false },
            { "as a client", [(9000, 7, "client")], false },
            { "a member that is new", [(9000, 7, "worker node.n1"), (9001, 1, "node.n4")], false },
            { "an earlier session of its own", [(9000, 6, "worker node.n0")], false },
            { "itself as another", [(9000, 7, "worker node.n2")], true },
            { "itself without a name", [(9000, 7, "worker")], true },
            { "another renamed", [(OfN2, 1, "control node.n4")], true },
            { "another without its name", [(OfN2, 1, "control")], true },
            { "another with one role more", [(OfN2, 1, "control worker node.n2")], true },
            { "the receiver renamed", [(OfN3, 1, "control node.n4")], true },
            { "two names", [(9001, 1, "node.n4 node.n5")], true },
        };

    [Theory]
    [MemberData(nameof(Gossip))]
    public void A_node_cannot_rename_another_by_gossip(
        string what,
        (int Port, int Session, string Roles)[] members,
        bool isRefused
    )
    {
        var gossip = GossipOf(members);
        var from = RawFrames.Field(1, Member(9000, 7));
        byte[] envelope =
        [
            .. from,
            .. RawFrames.Field(2, Member(OfN3, 1)),
            .. RawFrames.Field(3, gossip),
        ];
        Assert.True(isRefused == IsRefused("GossipEnvelope", envelope), what);
        byte[] welcome = [.. from, .. RawFrames.Field(2, gossip)];
        Assert.True(isRefused == IsRefused("InternalClusterAction+Welcome", welcome), what);
    }

    [Fact]
    public void Gossip_that_comes_twice_is_refused_because_a_parser_keeps_one()
    {
        var gossip = RawFrames.Field(2, GossipOf([(9000, 7, "worker node.n1")]));
        byte[] once = [.. RawFrames.Field(1, Member(9000, 7)), .. gossip];
        Assert.False(IsRefused("InternalClusterAction+Welcome", once));
        Assert.True(IsRefused("InternalClusterAction+Welcome", [.. once, .. gossip]));
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public void Gossip_has_a_limited_number_of_members(int count, bool isRefused)
    {
        var members = Enumerable.Range(1, count).Select(i => (20_000 + i, i, "worker"));
        byte[] welcome =
        [
            .. RawFrames.Field(1, Member(9000, 7)),
            .. RawFrames.Field(2, GossipOf([.. members])),
        ];
        Assert.Equal(isRefused, IsRefused("InternalClusterAction+Welcome", welcome));
    }

    /// <summary>A client that hears of changes sooner than the node must not lose its
    /// connection.</summary>
    [Fact]
    public void Gossip_of_a_client_that_downs_a_node_is_dropped_and_no_offence()
    {
        var client = (9000, 7, "client");
        (int, int, string)[] nodes =
        [
            (OfN1, 1, "worker node.n1"),
            (OfN2, 1, "control node.n2"),
            (OfN3, 1, "control node.n3"),
        ];
        var guard = new InboundGuard(
            CertificateRole.Client,
            null,
            AddressOf(OfN3),
            "",
            () => Known
        );
        Assert.Null(guard.Check(RawFrames.Introduction("127.0.0.1", 9000)).Refusal);
        Assert.Null(Say([client, .. nodes], status: 1).Refusal);
        for (var i = 0; i < 200; i++)
        {
            var verdict = Say([client, .. nodes], status: 4);
            Assert.NotNull(verdict.Refusal);
            Assert.True(verdict is { IsUsual: true, EndsLink: false });
        }
        Assert.NotNull(Say([client, .. nodes[1..]], status: 1).Refusal);
        Assert.NotNull(Say([client, .. nodes, (9001, 1, "worker")], status: 1).Refusal);

        InboundVerdict Say((int, int, string)[] members, int status) =>
            guard.Check(
                Frame(
                    "GossipEnvelope",
                    [
                        .. RawFrames.Field(1, Member(9000, 7)),
                        .. RawFrames.Field(2, Member(OfN3, 1)),
                        .. RawFrames.Field(3, GossipOf(members, status)),
                    ]
                )
            );
    }

    private static bool IsRefused(string type, byte[] body, string? node = "n1")
    {
        var guard = Guard(node);
        Assert.Null(guard.Check(RawFrames.Introduction("127.0.0.1", 9000)).Refusal);
        return guard.Check(Frame(type, body)).Refusal is not null;
    }

    private static byte[] Frame(string type, byte[] body) =>
        RawFrames.Message(
            $"{AddressOf(OfN3)}/system/cluster/core/daemon",
            RawFrames.Cluster,
            $"Akka.Cluster.{type}, Akka.Cluster",
            body
        );

    private static InboundGuard Guard(string? node = "n1") =>
        new(CertificateRole.Node, node, AddressOf(OfN3), "", () => Known);

    private static string AddressOf(int port) => $"akka.ssl.tcp://jobcloud@127.0.0.1:{port}";

    private static byte[] Member(int port, int session) =>
        [
            .. RawFrames.Field(1, RawFrames.Address("akka.ssl.tcp", "jobcloud", "127.0.0.1", port)),
            .. RawFrames.Number(2, (ulong)session),
        ];

    private static byte[] GossipOf((int Port, int Session, string Roles)[] members, int status = 1)
    {
        string[] roles = [.. members.SelectMany(one => one.Roles.Split(' ')).Distinct()];
        return
        [
            .. members.SelectMany(one => RawFrames.Field(1, Member(one.Port, one.Session))),
            .. roles.SelectMany(role => RawFrames.Text(2, role)),
            .. members.SelectMany(
                (one, i) =>
                    RawFrames.Field(
                        4,
                        [
                            .. i == 0 ? [] : RawFrames.Number(1, (ulong)i),
                            .. RawFrames.Number(3, (ulong)status),
                            .. RawFrames.Field(
                                4,
                                [
                                    .. one
                                        .Roles.Split(' ')
                                        .Select(role => (byte)Array.IndexOf(roles, role)),
                                ]
                            ),
                        ]
                    )
            ),
        ];
    }
}
