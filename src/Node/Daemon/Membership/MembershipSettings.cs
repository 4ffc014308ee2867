using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>How this node becomes a member, and how sure it must be of being one
/// (<c>jobcloud.cluster</c>).</summary>
internal sealed record MembershipSettings
{
    // A member whose word is late once is not silent.
    private const int BeatsBeforeForming = 2;

    /// <summary>Asked beside those that the store names.</summary>
    public required IReadOnlyList<string> SeedNodes { get; init; }
    public required TimeSpan JoinWithin { get; init; }
    public required TimeSpan Heartbeat { get; init; }
    public required TimeSpan FormAfter { get; init; }
    public required TimeSpan RemovalHold { get; init; }
    public required TimeSpan KillWithin { get; init; }

    /// <summary>From a node's last certainty to the death of its last process.</summary>
    public TimeSpan DeathTime { get; init; }
    public required CertaintyLimits Certainty { get; init; }

    internal static MembershipSettings Read(SettingsReader read, string scheme)
    {
        var settings = new MembershipSettings
        {
            SeedNodes =
            [
                .. read.List(
                        "jobcloud.cluster.seed-nodes",
                        [],
                        "Nodes to join (HOST:PORT). With postgresql none is needed: the store knows them. Empty "
                            + "with sqlite: form a cloud of one at once."
                    )
                    .Select(seed => Whole(seed, scheme)),
            ],
            JoinWithin = read.Duration(
                "jobcloud.cluster.join-within",
                "60s",
                "How long a start may wait to be a member before it gives up: longer means that no seed "
                    + "answers."
            ),
            Heartbeat = read.Duration(
                "jobcloud.cluster.store-heartbeat",
                "1s",
                "How often a node tells a postgresql store that it lives.",
                least: "10ms"
            ),
            FormAfter = read.Duration(
                "jobcloud.cluster.form-after",
                "5s",
                "A node that starts forms the cloud when no member has told the store anything for so long "
                    + "while it watched: a store that was away must not make two clouds."
            ),
            Certainty = new(
                read.Duration(
                    "jobcloud.cluster.detection",
                    "5s",
                    "The longest that all others can be cut off without the node having noticed: heartbeat "
                        + "interval + acceptable pause + reaper interval."
                ),
                read.Duration(
                    "jobcloud.cluster.without-store",
                    "4m",
                    "While the store is silent, a node that sees others, or is the only one, counts itself in "
                        + "for no longer than this; absent-node-limit must exceed it by fence-after."
                )
            ),
            KillWithin = read.Duration(
                "jobcloud.cluster.kill-within",
                "1s",
                "From the executor's fence to the death of the last process."
            ),
            RemovalHold = read.Duration(
                "jobcloud.cluster.removal-hold",
                "2s",
                "A removed node's jobs are started elsewhere no sooner than this after its removal; "
                    + "cluster.conf has the sum."
            ),
        };
        if (settings.FormAfter < BeatsBeforeForming * settings.Heartbeat)
            read.Refuse(
                "jobcloud.cluster.form-after",
                $"at least {BeatsBeforeForming} times jobcloud.cluster.store-heartbeat: "
                    + "sooner, nodes that live would be taken for silent"
            );
        return settings;
    }

    // HOST:PORT is what --join takes.
    private static string Whole(string seed, string scheme) =>
        seed.Contains("://", StringComparison.Ordinal)
            ? seed
            : $"{scheme}://{ClusterNames.System}@{seed}";
}
