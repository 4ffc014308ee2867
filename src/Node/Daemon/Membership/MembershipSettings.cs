using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Joining the cluster, and the limits of an outdated view of it
/// (<c>jobcloud.cluster</c>).</summary>
internal sealed record MembershipSettings
{
    // One late heartbeat does not make a member silent.
    private const int HeartbeatsBeforeForming = 2;

    /// <summary>Tried in addition to the nodes in the store.</summary>
    public required IReadOnlyList<string> SeedNodes { get; init; }
    public required TimeSpan JoinWithin { get; init; }

    /// <summary>Time limit from the start of joining until the node serves.</summary>
    public TimeSpan ServeWithin => 2 * JoinWithin;
    public required TimeSpan Heartbeat { get; init; }
    public required TimeSpan FormAfter { get; init; }
    public required TimeSpan RemovalHold { get; init; }

    /// <summary>How long the store may answer this node and not another, before this one makes the
    /// other leave.</summary>
    public required TimeSpan CutOffLimit { get; init; }
    public required TimeSpan KillWithin { get; init; }

    /// <summary>From the time a node was last certain of its membership to the death of its last
    /// process.</summary>
    public TimeSpan DeathTime { get; init; }
    public required StalenessLimits Certainty { get; init; }

    internal static MembershipSettings Read(SettingsReader read)
    {
        var settings = new MembershipSettings
        {
            SeedNodes =
            [
                .. read.List(
                        "jobcloud.cluster.seed-nodes",
                        [],
                        "Nodes to join (HOST:PORT). Not needed with postgresql: the store knows "
                            + "the nodes. Empty with sqlite: form a cloud of one node at once."
                    )
                    .Select(Whole),
            ],
            JoinWithin = read.Duration(
                "jobcloud.cluster.join-within",
                "60s",
                "A starting node gives up if it is not a member after this long: no seed node has "
                    + "answered. One that does not serve after twice that ends and starts again."
            ),
            Heartbeat = read.Duration(
                "jobcloud.cluster.store-heartbeat",
                "1s",
                "Interval of a node's heartbeats to a postgresql store.",
                least: "10ms"
            ),
            FormAfter = read.Duration(
                "jobcloud.cluster.form-after",
                "5s",
                "A starting node forms the cloud after watching the store for this long without "
                    + "a heartbeat of any member: an outage of the store must not lead to two clouds."
            ),
            Certainty = new(
                read.Duration(
                    "jobcloud.cluster.detection",
                    "5s",
                    "Longest time that a node can be cut off from all others without noticing: "
                        + "heartbeat interval + acceptable pause + reaper interval."
                ),
                read.Duration(
                    "jobcloud.cluster.without-store",
                    "4m",
                    "While the store does not answer, a node that sees other nodes, or is the "
                        + "only one, considers itself a member for at most this long; "
                        + "absent-node-limit must exceed it by fence-after."
                )
            ),
            CutOffLimit = read.Duration(
                "jobcloud.cluster.store-cut-off-limit",
                "15s",
                "A control node leaves the cluster if it cannot reach the store for this long "
                    + "while others can. The others take over its job state; it joins again when "
                    + "it reaches the store."
            ),
            KillWithin = read.Duration(
                "jobcloud.cluster.kill-within",
                "1s",
                "Time from the executor's fence to the death of the last process."
            ),
            RemovalHold = read.Duration(
                "jobcloud.cluster.removal-hold",
                "2s",
                "Minimum time from a node's removal to the start of its jobs elsewhere; "
                    + "cluster.conf explains the sum."
            ),
        };
        if (settings.FormAfter < HeartbeatsBeforeForming * settings.Heartbeat)
            read.Refuse(
                "jobcloud.cluster.form-after",
                $"at least {HeartbeatsBeforeForming} times jobcloud.cluster.store-heartbeat: "
                    + "a shorter time would treat live nodes as silent"
            );
        if (settings.CutOffLimit < HeartbeatsBeforeForming * settings.Heartbeat)
            read.Refuse(
                "jobcloud.cluster.store-cut-off-limit",
                $"at least {HeartbeatsBeforeForming} times jobcloud.cluster.store-heartbeat: "
                    + "a shorter time would make live nodes leave"
            );
        return settings;
    }

    // HOST:PORT is what --join takes.
    private static string Whole(string seed) =>
        seed.Contains("://", StringComparison.Ordinal)
            ? seed
            : $"akka.ssl.tcp://{ClusterNames.System}@{seed}";
}
