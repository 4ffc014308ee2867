using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The machine's name, cores and memory: values of settings that are
/// <c>auto</c>.</summary>
internal sealed record HostResources(string HostName, int Cores, long MemoryBytes)
{
    /// <summary>The names that the node had at its earlier starts; null: the home is new.</summary>
    public NodeNames? Names { get; init; }

    public static HostResources OfThisHost() =>
        new(
            Environment.MachineName.Split('.')[0].ToLowerInvariant(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        );
}

/// <summary>The node's name, roles and offered resources (<c>jobcloud.node</c>).</summary>
internal sealed record OfferSettings(
    NodeNames Names,
    int Cores,
    long MemoryBytes,
    IReadOnlyList<string> Roles
)
{
    private const string RolesKey = "jobcloud.node.roles";
    private const int NameMax = 63;

    public string Name => Names.Current;

    internal static OfferSettings Read(SettingsReader read, HostResources machine)
    {
        var name = read.Text(
            "jobcloud.node.name",
            "auto",
            "Name of this node, unique in its cloud. auto: the name that it had last, at its first "
                + "start the host name.",
            $"auto, or a name of at most {NameMax} letters, digits, \"-\" and \"_\"",
            IsName
        );
        var offer = new OfferSettings(
            NodeNames.After(
                machine.Names,
                name != "auto" ? name : machine.Names?.Current ?? machine.HostName
            ),
            read.CountOrAuto(
                "jobcloud.node.cores",
                "Cores offered to jobs. auto: all of the machine's.",
                machine.Cores,
                most: 100_000
            ),
            read.SizeOrAuto(
                "jobcloud.node.memory",
                "Memory offered to jobs. auto: all of the machine's.",
                machine.MemoryBytes
            ),
            read.List(
                RolesKey,
                [ClusterNames.Control, ClusterNames.Worker],
                "Roles of this node: control (holds job state), worker (runs jobs)."
            )
        );
        if (offer.Roles.Count == 0 || offer.Roles.Except(ClusterNames.Roles).Any())
            read.Refuse(RolesKey, $"a list of {string.Join(", ", ClusterNames.Roles)}");
        return offer;
    }

    /// <summary>A node with an embedded store is the only one: without control no node would hold
    /// job state.</summary>
    internal void Check(SettingsReader read, StoreProvider store)
    {
        var worksOnly =
            Roles.Contains(ClusterNames.Worker) && !Roles.Contains(ClusterNames.Control);
        if (worksOnly && store == StoreProvider.Sqlite)
            read.Refuse(
                RolesKey,
                "the role control too, or a store that nodes share (jobcloud.store.provider = postgresql)"
            );
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
