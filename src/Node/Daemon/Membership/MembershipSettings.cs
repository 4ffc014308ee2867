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
    // A member whose word is late once is not silent.
    private const int BeatsBeforeForming = 2;

    internal static MembershipSettings Read(SettingsReader read, string scheme)
    {
        var settings = new MembershipSettings(
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
