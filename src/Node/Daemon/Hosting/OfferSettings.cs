using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What the machine has, where a setting is <c>auto</c>.</summary>
internal sealed record Machine(string HostName, int Cores, long MemoryBytes)
{
    public static Machine This() =>
        new(
            Environment.MachineName.Split('.')[0].ToLowerInvariant(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        );
}

/// <summary>What this node is called, does and offers (<c>jobcloud.node</c>).</summary>
internal sealed record OfferSettings(
    string Name,
    int Cores,
    long MemoryBytes,
    IReadOnlyList<string> Roles
)
{
    private const string RolesKey = "jobcloud.node.roles";
    private const int NameMax = 63;

    internal static OfferSettings Read(SettingsReader read, Machine machine)
    {
        var name = read.Text(
            "jobcloud.node.name",
            "auto",
            "Name of this node, unique in its cloud. auto: the host's name.",
            $"auto, or a name of at most {NameMax} letters, digits, \"-\" and \"_\"",
            IsName
        );
        var offer = new OfferSettings(
            name == "auto" ? machine.HostName : name,
            read.CountOrAuto(
                "jobcloud.node.cores",
                "Cores offered to jobs. auto: what the machine has.",
                machine.Cores,
                most: 100_000
            ),
            read.SizeOrAuto(
                "jobcloud.node.memory",
                "Memory offered to jobs. auto: what the machine has.",
                machine.MemoryBytes
            ),
            read.List(
                RolesKey,
                [ClusterNames.Control, ClusterNames.Worker],
                "What this node does: control holds job state, worker runs jobs."
            )
        );
        if (offer.Roles.Count == 0 || offer.Roles.Except(ClusterNames.Roles).Any())
            read.Refuse(RolesKey, $"a list of {string.Join(", ", ClusterNames.Roles)}");
        return offer;
    }

    /// <summary>On an embedded store a node is alone: without control nobody would hold its
    /// jobs.</summary>
    internal void Check(SettingsReader read, StoreProvider store)
    {
        var worksAlone =
            Roles.Contains(ClusterNames.Worker) && !Roles.Contains(ClusterNames.Control);
        if (worksAlone && store == StoreProvider.Sqlite)
            read.Refuse(
                RolesKey,
                "control too, or a store that nodes share (jobcloud.store.provider = postgresql)"
            );
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
