using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.PublicJson;

/// <summary>The nodes of the cloud.</summary>
public sealed record NodesDocument(IEnumerable<PublicNode> Nodes) : PublicDocument
{
    public static NodesDocument Of(NodesReply reply) => new(reply.Nodes.Select(PublicNode.Of));
}

/// <summary>A node.</summary>
/// <param name="Name">Its name in the cloud.</param>
/// <param name="State">Whether it runs jobs.</param>
/// <param name="Cores">The cores that it offers.</param>
/// <param name="CoresUsed">The cores that its jobs count as.</param>
/// <param name="Memory">The memory that it offers, in bytes.</param>
/// <param name="MemoryUsed">The memory that its jobs count as, in bytes.</param>
/// <param name="Processing">The number of jobs that run there.</param>
/// <param name="Assigned">The number of jobs that will start there.</param>
/// <param name="Limits">What enforces the limits of jobs and measures their usage.</param>
/// <param name="Sandbox">The program that gives jobs root file systems and volumes, or
/// none.</param>
/// <param name="PrivateNetwork">Whether jobs can have a private network.</param>
/// <param name="SandboxProblem">Why it has no sandbox or no private network.</param>
/// <param name="Version">The version of its programs.</param>
/// <param name="Since">When it became a node of the cloud.</param>
/// <param name="Address">Its address for other nodes.</param>
/// <param name="Reason">Why it has this state.</param>
/// <param name="DrainedBy">Who drained it.</param>
/// <param name="DrainedSince">When it was drained.</param>
/// <param name="DrainStops">When the jobs that still run there are stopped.</param>
/// <param name="Roles">control holds job state, worker runs jobs.</param>
/// <param name="CertificateUntil">When its certificate expires.</param>
public sealed record PublicNode(
    string Name,
    [property: Form(JsonForm.NodeState)] string State,
    int Cores,
    int CoresUsed,
    long Memory,
    long MemoryUsed,
    long Processing,
    long Assigned,
    string? Limits,
    [property: Form(JsonForm.Sandbox)] string? Sandbox,
    bool? PrivateNetwork,
    string? SandboxProblem,
    string? Version,
    [property: Form(JsonForm.Instant)] string? Since,
    string? Address,
    string? Reason,
    string? DrainedBy,
    [property: Form(JsonForm.Instant)] string? DrainedSince,
    [property: Form(JsonForm.Instant)] string? DrainStops,
    IReadOnlyList<string> Roles,
    [property: Form(JsonForm.Instant)] string? CertificateUntil
)
{
    private static readonly string[] AllRoles = ["control", "worker"];

    public static PublicNode Of(NodeView node) =>
        new(
            node.Name,
            node.State,
            node.Capacity?.Cores ?? 0,
            node.InUse?.Cores ?? 0,
            node.Capacity?.MemoryBytes ?? 0,
            node.InUse?.MemoryBytes ?? 0,
            node.Processing,
            node.Assigned,
            PublicValues.Text(node.Limits),
            node.Isolation is not { } isolation ? null
                : isolation.NoSandbox.Length > 0 ? "none"
                : "bubblewrap",
            node.Isolation is { } own
                ? own.NoSandbox.Length + own.NoPrivateNetwork.Length == 0
                : null,
            ProblemOf(node.Isolation),
            PublicValues.Text(node.Version),
            PublicValues.Instant(node.Since),
            PublicValues.Text(node.Address),
            PublicValues.Text(node.Reason),
            PublicValues.Text(node.DrainedBy),
            PublicValues.Instant(node.DrainedSince),
            PublicValues.Instant(node.DrainStopsAt),
            node.Roles is { Count: > 0 } roles ? roles : AllRoles,
            PublicValues.Instant(node.CertificateUntil)
        );

    private static string? ProblemOf(Isolation? isolation) =>
        isolation switch
        {
            { NoSandbox.Length: > 0 } => isolation.NoSandbox,
            { NoPrivateNetwork.Length: > 0 } => isolation.NoPrivateNetwork,
            _ => null,
        };
}
