using System.Collections.Frozen;
using System.Text;
using Google.Protobuf.Reflection;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Inbound;

/// <summary>Who may send what to whom: every message that an actor accepts from another member. All
/// others are refused before they are read.</summary>
public static class InboundRules
{
    private const string Cluster = "/system/cluster/core/daemon";
    private const string Region = "/system/sharding/segments";

    /// <summary>The region of a node that holds no segments.</summary>
    private const string RegionProxy = $"{Region}Proxy";
    private const string Coordinators = "/system/sharding/segmentsCoordinator";
    private const string Coordinator = $"{Coordinators}/singleton/coordinator";
    private const string Replicator = "/system/sharding/controlReplicator";
    private const string RemoteWatcher = "/system/remote-watcher";

    /// <summary>The actors that keep their state in one place, each behind a proxy on every
    /// node.</summary>
    private static readonly string[] Singletons =
    [
        ClusterNames.Allocator,
        ClusterNames.Definitions,
        ClusterNames.Scheduler,
    ];

    /// <summary>One row of the table.</summary>
    /// <param name="Path">The recipients.</param>
    /// <param name="Manifests">The names of the message types; null: all of the serializer.</param>
    /// <param name="Clients">Whether a holder of a client certificate may send them.</param>
    private sealed record Rule(PathPattern Path, int Serializer, byte[][]? Manifests, bool Clients);

    private static readonly FrozenDictionary<int, Rule[]> RulesOf = Membership()
        .Concat(Sharding())
        .Concat(Own())
        .Concat(Watches())
        .GroupBy(static rule => rule.Serializer)
        .ToFrozenDictionary(static rules => rules.Key, static rules => rules.ToArray());

    /// <summary>Whether a member may send a message.</summary>
    /// <param name="path">The recipient's path without its address and number.</param>
    /// <param name="isClient">Whether the sender has a client certificate.</param>
    public static bool Admit(
        ReadOnlySpan<byte> path,
        int serializer,
        ReadOnlySpan<byte> manifest,
        bool isClient
    )
    {
        if (!RulesOf.TryGetValue(serializer, out var rules))
            return false;
        foreach (var rule in rules)
            if (
                (rule.Clients || !isClient)
                && rule.Path.Matches(path)
                && Has(rule.Manifests, manifest)
            )
                return true;
        return false;
    }

    private static bool Has(byte[][]? manifests, ReadOnlySpan<byte> manifest)
    {
        if (manifests is null)
            return true;
        foreach (var one in manifests)
            if (manifest.SequenceEqual(one))
                return true;
        return false;
    }

    /// <summary>Joining, gossip and heartbeats.</summary>
    private static IEnumerable<Rule> Membership()
    {
        const string actions = "Akka.Cluster.InternalClusterAction+";
        yield return All(
            Cluster,
            SerializerIds.Cluster,
            "Akka.Cluster.GossipEnvelope, Akka.Cluster",
            "Akka.Cluster.GossipStatus, Akka.Cluster",
            $"{actions}InitJoin, Akka.Cluster",
            $"{actions}Join, Akka.Cluster",
            $"{actions}ExitingConfirmed, Akka.Cluster"
        );
        yield return Nodes(Cluster, SerializerIds.Cluster, $"{actions}Welcome, Akka.Cluster");
        yield return Nodes(
            $"{Cluster}/*",
            SerializerIds.Cluster,
            $"{actions}InitJoinAck, Akka.Cluster",
            $"{actions}InitJoinNack, Akka.Cluster"
        );
        yield return All("/system/cluster/heartbeatReceiver", SerializerIds.Cluster, "HB");
        yield return All($"{Cluster}/heartbeatSender", SerializerIds.Cluster, "HBR");
        yield return All(RemoteWatcher, SerializerIds.Misc, "RWHB", "RWHR");
    }

    /// <summary>The division of segments among nodes, and the places of the single
    /// actors.</summary>
    private static IEnumerable<Rule> Sharding()
    {
        yield return Nodes(Replicator, SerializerIds.Replicator);
        yield return Nodes($"{Replicator}/$", SerializerIds.Replicator);
        string[] places = [Region, RegionProxy, Coordinator, $"{Coordinator}/$"];
        foreach (var place in places)
            yield return Nodes(
                place,
                SerializerIds.Sharding,
                [.. Enumerable.Range('A', 13).Select(static c => $"B{(char)c}")]
            );
        string[] owners = [Coordinators, .. Singletons.Select(static name => $"/user/{name}")];
        foreach (var owner in owners)
            yield return Nodes(owner, SerializerIds.Singleton, "A", "B", "C", "D");
        foreach (var name in Singletons)
        {
            yield return Nodes($"/user/{name}/{name}", SerializerIds.Misc, "ID");
            yield return Nodes($"/user/{name}-proxy", SerializerIds.Misc, "AID");
        }
    }

    /// <summary>The messages of <see cref="WireNames"/>.</summary>
    private static IEnumerable<Rule> Own()
    {
        // Answers go to whom the asker named; a client is never asked.
        yield return Nodes("/temp/*", SerializerIds.JobCloud);
        yield return Own(Region, SegmentRequest.Descriptor);
        yield return Own(RegionProxy, SegmentRequest.Descriptor);
        yield return Own($"{Region}/*/*", SegmentReply.Descriptor, JobsMoved.Descriptor);
        yield return Own("/user/allocator/allocator", LeaseRequest.Descriptor);
        yield return Own("/user/definitions/definitions", DefinitionsMail.Descriptor);
        yield return Own(
            "/user/scheduler/scheduler",
            SegmentUpdate.Descriptor,
            NodeOffer.Descriptor,
            ExplainQueued.Descriptor,
            SchedulerNodes.Descriptor,
            AskWork.Descriptor,
            AskForecast.Descriptor,
            DrainRequest.Descriptor,
            SegmentReply.Descriptor
        );
        yield return Own(
            $"/user/{ClusterNames.Submitter}",
            LeaseGranted.Descriptor,
            SegmentReply.Descriptor
        );
        yield return Own(
            $"/user/{ClusterNames.Agent}",
            StartAttempts.Descriptor,
            RecallAttempts.Descriptor,
            StopAttempts.Descriptor,
            CheckAttempts.Descriptor,
            ReportsAccepted.Descriptor,
            ForgetJobs.Descriptor,
            ReadOutput.Descriptor,
            ReadAttempts.Descriptor,
            ReadFiles.Descriptor,
            ReadPorts.Descriptor,
            BeginTerminal.Descriptor,
            DrainRequest.Descriptor,
            SegmentReply.Descriptor
        );
        yield return Own("/user/index-repair", SegmentReply.Descriptor);
        // Those who follow segments, and the ends of terminals.
        MessageDescriptor[] terminal =
        [
            TerminalBegun.Descriptor,
            TerminalBytes.Descriptor,
            TerminalTaken.Descriptor,
            TerminalEnd.Descriptor,
        ];
        yield return Own("/user/$", [.. terminal, SegmentReply.Descriptor, JobsMoved.Descriptor]);
        yield return Own("/user/terminals/*", terminal);
        yield return Own($"/user/{ClusterNames.Feed}", FeedRequest.Descriptor, FeedPart.Descriptor);
        yield return Own($"/user/{ClusterNames.Gateway}", TicketGiven.Descriptor);
        yield return All(
            $"/user/{ClusterNames.Gateway}",
            SerializerIds.JobCloud,
            [.. Names(Ask.Descriptor, AskMore.Descriptor, Watch.Descriptor)]
        );
        // To a client.
        yield return Own("/user/client", Told.Descriptor, FeedNews.Descriptor, Refusal.Descriptor);
    }

    /// <summary>A member watches actors of others through its remote watcher alone.</summary>
    private static IEnumerable<Rule> Watches()
    {
        const string watch = "Akka.Dispatch.SysMsg.Watch, Akka";
        const string unwatch = "Akka.Dispatch.SysMsg.Unwatch, Akka";
        string[] watched =
        [
            Region,
            RegionProxy,
            $"{Region}/*/*",
            Coordinator,
            "/user/$",
            "/user/terminals/*",
            .. Singletons.Select(static name => $"/user/{name}/{name}"),
        ];
        foreach (var path in watched)
            yield return Nodes(path, SerializerIds.SystemMessages, watch, unwatch);
        yield return Nodes(
            RemoteWatcher,
            SerializerIds.SystemMessages,
            "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka"
        );
    }

    private static Rule Own(string path, params MessageDescriptor[] messages) =>
        Nodes(path, SerializerIds.JobCloud, [.. Names(messages)]);

    private static IEnumerable<string> Names(params MessageDescriptor[] messages) =>
        messages.Select(WireNames.Name);

    private static Rule Nodes(string path, int serializer) =>
        new(new PathPattern(path), serializer, null, Clients: false);

    private static Rule Nodes(string path, int serializer, params string[] manifests) =>
        new(new PathPattern(path), serializer, Bytes(manifests), Clients: false);

    private static Rule All(string path, int serializer, params string[] manifests) =>
        new(new PathPattern(path), serializer, Bytes(manifests), Clients: true);

    private static byte[][] Bytes(string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
