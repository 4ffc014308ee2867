using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>How this node becomes a member, and how sure it must be of being one (<c>jobcloud.cluster</c>).</summary>
/// <param name="SeedNodes">Asked beside those that the store names.</param>
/// <param name="FormAfter">Members silent for so long, while the store answers, are not waited for.</param>
/// <param name="DeathTime">From a node's last certainty to the death of its last process.</param>
public sealed record MembershipSettings(
    IReadOnlyList<string> SeedNodes,
    TimeSpan JoinWithin,
    TimeSpan Heartbeat,
    TimeSpan FormAfter,
    TimeSpan RemovalHold,
    TimeSpan DeathTime,
    CertaintyLimits Certainty
)
{
    internal static MembershipSettings Read(SettingsReader read, string scheme) =>
        new(
            [.. read.List("jobcloud.cluster.seed-nodes").Select(seed => Whole(seed, scheme))],
            read.Duration("jobcloud.cluster.join-within"),
            read.Duration("jobcloud.cluster.store-heartbeat", TimeSpan.FromMilliseconds(10)),
            read.Duration("jobcloud.cluster.form-after"),
            read.Duration("jobcloud.cluster.removal-hold"),
            read.DurationOrOff("jobcloud.executor.fence-after")
                + read.Duration("jobcloud.cluster.kill-within"),
            new CertaintyLimits(
                read.Duration("jobcloud.cluster.detection"),
                read.Duration("jobcloud.cluster.without-store")
            )
        );

    // HOST:PORT is what --join takes.
    private static string Whole(string seed, string scheme) =>
        seed.Contains("://", StringComparison.Ordinal)
            ? seed
            : $"{scheme}://{ClusterNames.System}@{seed}";
}
