using System.Text;
using JobCloud.Protocol.Inbound;

namespace JobCloud.Protocol.Tests.Inbound;

/// <summary>The rules admit what a cloud of three nodes and a client sends, and nothing like
/// it.</summary>
public sealed class InboundRulesTests
{
    /// <summary>Recorded from nodes that joined, ran jobs and terminals, handed segments over and
    /// left.</summary>
    public static TheoryData<string, int, string> OfNodes =>
        new()
        {
            { "/system/cluster/core/daemon", 5, "Akka.Cluster.GossipEnvelope, Akka.Cluster" },
            { "/system/cluster/core/daemon", 5, "Akka.Cluster.GossipStatus, Akka.Cluster" },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+ExitingConfirmed, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+Welcome, Akka.Cluster"
            },
            { "/system/cluster/core/daemon/heartbeatSender", 5, "HBR" },
            {
                "/system/cluster/core/daemon/joinSeedNodeProcess-1",
                5,
                "Akka.Cluster.InternalClusterAction+InitJoinAck, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon/joinSeedNodeProcess-2",
                5,
                "Akka.Cluster.InternalClusterAction+InitJoinAck, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon/joinSeedNodeProcess-3",
                5,
                "Akka.Cluster.InternalClusterAction+InitJoinAck, Akka.Cluster"
            },
            { "/system/cluster/heartbeatReceiver", 5, "HB" },
            { "/system/remote-watcher", 22, "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka" },
            { "/system/sharding/controlReplicator", 12, "I" },
            { "/system/sharding/controlReplicator", 12, "K" },
            { "/system/sharding/controlReplicator", 12, "M" },
            { "/system/sharding/controlReplicator", 12, "N" },
            { "/system/sharding/controlReplicator/$a", 12, "J" },
            { "/system/sharding/controlReplicator/$a", 12, "L" },
            { "/system/sharding/segments", 13, "BC" },
            { "/system/sharding/segments", 13, "BE" },
            { "/system/sharding/segments", 13, "BF" },
            { "/system/sharding/segments", 13, "BH" },
            { "/system/sharding/segments", 13, "BJ" },
            { "/system/sharding/segments", 22, "Akka.Dispatch.SysMsg.Unwatch, Akka" },
            { "/system/sharding/segments", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/system/sharding/segments", 120, "nodes.SegmentRequest" },
            { "/system/sharding/segmentsCoordinator", 14, "A" },
            { "/system/sharding/segmentsCoordinator", 14, "B" },
            { "/system/sharding/segmentsCoordinator", 14, "C" },
            { "/system/sharding/segmentsCoordinator", 14, "D" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BA" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BD" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BG" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BK" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BL" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BM" },
            {
                "/system/sharding/segmentsCoordinator/singleton/coordinator",
                22,
                "Akka.Dispatch.SysMsg.Unwatch, Akka"
            },
            {
                "/system/sharding/segmentsCoordinator/singleton/coordinator",
                22,
                "Akka.Dispatch.SysMsg.Watch, Akka"
            },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator/$a", 13, "BI" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator/$a", 13, "BK" },
            { "/system/sharding/segmentsCoordinator/singleton/coordinator", 13, "BB" },
            { "/system/sharding/segmentsProxy", 13, "BC" },
            { "/system/sharding/segmentsProxy", 13, "BE" },
            { "/system/sharding/segmentsProxy", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/temp/b", 120, "api.NodesReply" },
            { "/temp/b", 120, "nodes.LeaseGranted" },
            { "/temp/b", 120, "nodes.SegmentReply" },
            { "/user/$a", 22, "Akka.Dispatch.SysMsg.Unwatch, Akka" },
            { "/user/$a", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/user/$a", 120, "nodes.TerminalBegun" },
            { "/user/$a", 120, "nodes.TerminalBytes" },
            { "/user/$a", 120, "nodes.TerminalEnd" },
            { "/user/$a", 120, "nodes.TerminalTaken" },
            { "/user/agent", 120, "nodes.BeginTerminal" },
            { "/user/agent", 120, "nodes.CheckAttempts" },
            { "/user/agent", 120, "nodes.ReportsAccepted" },
            { "/user/agent", 120, "nodes.StartAttempts" },
            { "/user/allocator", 14, "A" },
            { "/user/allocator", 14, "B" },
            { "/user/allocator", 14, "C" },
            { "/user/allocator", 14, "D" },
            { "/user/allocator-proxy", 16, "AID" },
            { "/user/allocator/allocator", 16, "ID" },
            { "/user/allocator/allocator", 22, "Akka.Dispatch.SysMsg.Unwatch, Akka" },
            { "/user/allocator/allocator", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/user/allocator/allocator", 120, "nodes.LeaseRequest" },
            { "/user/client", 120, "gateway.Told" },
            { "/user/client", 120, "feed.FeedNews" },
            { "/user/definitions", 14, "A" },
            { "/user/definitions", 14, "B" },
            { "/user/definitions", 14, "C" },
            { "/user/definitions", 14, "D" },
            { "/user/definitions-proxy", 16, "AID" },
            { "/user/definitions/definitions", 16, "ID" },
            { "/user/definitions/definitions", 22, "Akka.Dispatch.SysMsg.Unwatch, Akka" },
            { "/user/definitions/definitions", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/user/gateway", 120, "gateway.Ask" },
            { "/user/gateway", 120, "gateway.AskMore" },
            { "/user/gateway", 120, "gateway.TicketGiven" },
            { "/user/gateway", 120, "feed.Watch" },
            { "/user/feed", 120, "feed.FeedPart" },
            { "/user/feed", 120, "feed.FeedRequest" },
            { "/user/scheduler", 14, "A" },
            { "/user/scheduler", 14, "B" },
            { "/user/scheduler", 14, "C" },
            { "/user/scheduler", 14, "D" },
            { "/user/scheduler-proxy", 16, "AID" },
            { "/user/scheduler/scheduler", 16, "ID" },
            { "/user/scheduler/scheduler", 22, "Akka.Dispatch.SysMsg.Unwatch, Akka" },
            { "/user/scheduler/scheduler", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/user/scheduler/scheduler", 120, "nodes.NodeOffer" },
            { "/user/scheduler/scheduler", 120, "nodes.SchedulerNodes" },
            { "/user/scheduler/scheduler", 120, "nodes.SegmentUpdate" },
            { "/user/submitter", 120, "nodes.LeaseGranted" },
            { "/user/submitter", 120, "nodes.SegmentReply" },
            { "/user/terminals/$a", 22, "Akka.Dispatch.SysMsg.Unwatch, Akka" },
            { "/user/terminals/$a", 22, "Akka.Dispatch.SysMsg.Watch, Akka" },
            { "/user/terminals/$a", 120, "nodes.TerminalBytes" },
            { "/user/terminals/$a", 120, "nodes.TerminalEnd" },
            { "/user/terminals/$a", 120, "nodes.TerminalTaken" },
        };

    public static TheoryData<string, int, string> OfClients =>
        new()
        {
            { "/system/cluster/core/daemon", 5, "Akka.Cluster.GossipEnvelope, Akka.Cluster" },
            { "/system/cluster/core/daemon", 5, "Akka.Cluster.GossipStatus, Akka.Cluster" },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+ExitingConfirmed, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster"
            },
            {
                "/system/cluster/core/daemon",
                5,
                "Akka.Cluster.InternalClusterAction+Join, Akka.Cluster"
            },
            { "/system/cluster/core/daemon/heartbeatSender", 5, "HBR" },
            { "/system/cluster/heartbeatReceiver", 5, "HB" },
            { "/user/gateway", 120, "gateway.Ask" },
            { "/user/gateway", 120, "gateway.AskMore" },
            { "/user/gateway", 120, "feed.Watch" },
        };

    [Theory]
    [MemberData(nameof(OfNodes))]
    public void A_node_can_send_the_messages_of_nodes(
        string path,
        int serializer,
        string manifest
    ) => Assert.True(Admits(path, serializer, manifest, isClient: false));

    [Theory]
    [MemberData(nameof(OfClients))]
    public void A_client_can_send_the_messages_of_clients(
        string path,
        int serializer,
        string manifest
    ) => Assert.True(Admits(path, serializer, manifest, isClient: true));

    [Theory]
    [MemberData(nameof(OfNodes))]
    public void No_other_actor_type_or_serializer_is_reached_by_it(
        string path,
        int serializer,
        string manifest
    )
    {
        Assert.False(Admits($"{path}/x/x/x", serializer, manifest, isClient: false));
        Assert.False(Admits("/user", serializer, manifest, isClient: false));
        Assert.False(Admits("/remote", serializer, manifest, isClient: false));
        Assert.False(Admits(path, SerializerIds.Json, manifest, isClient: false));
        Assert.False(Admits(path, SerializerIds.AnyProtobuf, manifest, isClient: false));
        Assert.False(Admits(path, SerializerIds.RemoteDeployment, manifest, isClient: false));
        Assert.False(Admits(path, SerializerIds.Misc, "PP", isClient: false));
        Assert.False(Admits(path, SerializerIds.Misc, "K", isClient: false));
    }

    [Fact]
    public void A_client_may_send_only_requests_and_what_membership_needs()
    {
        var allowed = OfNodes.Where(row =>
            Admits((string)row[0], (int)row[1], (string)row[2], isClient: true)
        );
        Assert.All(
            allowed,
            row =>
                Assert.True(
                    (string)row[0] == "/user/gateway"
                        || ((string)row[0]).StartsWith(
                            "/system/cluster/",
                            StringComparison.Ordinal
                        ),
                    (string)row[0]
                )
        );
        Assert.False(Admits("/user/gateway", 120, "gateway.TicketGiven", isClient: true));
    }

    private static bool Admits(string path, int serializer, string manifest, bool isClient) =>
        InboundRules.Admit(
            Encoding.UTF8.GetBytes(path),
            serializer,
            Encoding.UTF8.GetBytes(manifest),
            isClient
        );
}
