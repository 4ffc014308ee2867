using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class NodesCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns =
    [
        "name",
        "state",
        "cores",
        "cores_used",
        "memory",
        "memory_used",
        "processing",
        "assigned",
        "limits",
        "sandbox",
        "version",
        "since",
        "address",
        "reason",
        "drained_by",
        "drained_since",
        "drain_stops",
        "roles",
        "certificate_until",
    ];

    /// <summary>Of what a narrow terminal leaves out, the least important first.</summary>
    private static readonly string[] Expendable =
    [
        "certificate_until",
        "drain_stops",
        "drained_since",
        "drained_by",
        "roles",
        "version",
        "address",
        "sandbox",
        "assigned",
        "since",
        "limits",
        "reason",
    ];

    public NodesCommand()
        : base(CommandName, Summary)
    {
        Add(new DrainCommand());
        Add(new UndrainCommand());
    }

    public static string CommandName => "nodes";
    public static string Summary => "Show the nodes; drain or undrain one.";

    public override string[] Examples =>
        ["jobcloud nodes", "jobcloud nodes drain n1 --deadline 10m --reason 'new disk'"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        return TableOf(await cloud.Api.NodesAsync(new(), cloud.UnaryOptions()), call);
    }

    public static Report TableOf(NodesReply reply, Invocation call)
    {
        var rows = new List<TableCell[]>();
        foreach (var node in reply.Nodes)
            rows.Add(Row(node, call));
        var warnings = reply
            .Nodes.Select(node => WarningOf(node.Name, node.CertificateUntil, call))
            .Where(static warning => warning.Length > 0);
        return new Report.Table(Columns, rows, () => NodesDocument.Of(reply))
        {
            Expendable = Expendable,
            Note = string.Join('\n', warnings) is { Length: > 0 } note ? note : null,
        };
    }

    /// <summary>The warning about a node's certificate; empty: there is none.</summary>
    public static string WarningOf(string node, long until, Invocation call) =>
        until == 0
            ? ""
            : CertificateExpiry.Warning(
                node,
                Microseconds.ToInstant(until),
                Microseconds.ToInstant(call.Now)
            );

    private static TableCell[] Row(NodeView node, Invocation call) =>
        [
            TableCell.Of(node.Name),
            TableCell.State(node.State),
            TableCell.Of(node.Capacity?.Cores ?? 0),
            TableCell.Of(node.InUse?.Cores ?? 0),
            Size(node.Capacity?.MemoryBytes ?? 0),
            Size(node.InUse?.MemoryBytes ?? 0),
            TableCell.Of(node.Processing),
            TableCell.Of(node.Assigned),
            TableCell.Of(node.Limits),
            Sandbox(node.Isolation),
            TableCell.Of(node.Version),
            call.Instant(node.Since),
            TableCell.Of(node.Address),
            TableCell.Of(node.Reason),
            TableCell.Of(node.DrainedBy),
            Instant(node.DrainedSince, call),
            Instant(node.DrainStopsAt, call),
            TableCell.Of(string.Join(' ', node.Roles)),
            Instant(node.CertificateUntil, call),
        ];

    private static TableCell Instant(long micros, Invocation call) =>
        micros == 0 ? TableCell.None : call.Instant(micros);

    /// <summary>The support for root file systems, volumes and private networks.</summary>
    private static TableCell Sandbox(Isolation? isolation) =>
        isolation switch
        {
            null => TableCell.None,
            { NoSandbox.Length: > 0 } => TableCell.Of($"none: {isolation.NoSandbox}"),
            { NoPrivateNetwork.Length: > 0 } => TableCell.Of(
                $"bubblewrap, no private network: {isolation.NoPrivateNetwork}"
            ),
            _ => TableCell.Of("bubblewrap"),
        };

    private static TableCell Size(long bytes) => TableCell.Of(Sizes.Print(bytes));
}

internal sealed class DrainCommand : CloudCommand
{
    private readonly Argument<string> _node = Arg.Text("NODE", "name of the node");
    private readonly Option<TimeSpan?> _deadline = Opt.Duration(
        "--deadline",
        "stop jobs that still run after TIME and run them elsewhere"
    );
    private readonly Option<bool> _force = Opt.Flag(
        "--force",
        "stop running jobs now; with --deadline it has no effect"
    );
    private readonly Option<string?> _reason = Opt.Text(
        "--reason",
        "TEXT",
        "reason that 'nodes' shows"
    );

    public DrainCommand()
        : base("drain", "Stop assigning jobs to a node.")
    {
        Add(_node);
        Add(_deadline);
        Add(_force);
        Add(_reason);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new DrainRequest
        {
            Node = call.Get(_node),
            DeadlineMs = (long)(call.Get(_deadline)?.TotalMilliseconds ?? 0),
            Force = call.Get(_force),
            Reason = call.Get(_reason) ?? "",
        };
        using var cloud = await call.ConnectAsync();
        return NodesCommand.TableOf(
            await cloud.Api.DrainAsync(request, cloud.UnaryOptions()),
            call
        );
    }
}

internal sealed class UndrainCommand : CloudCommand
{
    private readonly Argument<string> _node = Arg.Text("NODE", "name of the node");

    public UndrainCommand()
        : base("undrain", "Resume assigning jobs to a node.") => Add(_node);

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new DrainRequest { Node = call.Get(_node), Undrain = true };
        using var cloud = await call.ConnectAsync();
        return NodesCommand.TableOf(
            await cloud.Api.DrainAsync(request, cloud.UnaryOptions()),
            call
        );
    }
}
