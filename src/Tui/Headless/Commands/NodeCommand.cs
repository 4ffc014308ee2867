using System.CommandLine;
using System.Globalization;
using JobCloud.Client.Nodes;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Nodes;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class NodeCommand : CloudCommand, IListedCommand
{
    public NodeCommand()
        : base(CommandName, Summary)
    {
        Add(new NodeStartCommand());
        Add(new NodeStopCommand());
        Add(new NodeStatusCommand());
    }

    public static string CommandName => "node";
    public static string Summary => "Start, stop or inspect the node on this machine.";

    public override string[] Examples =>
        ["jobcloud node start --cores 4 --memory 8G", "jobcloud node status", "jobcloud node stop"];

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage("Missing subcommand; use 'node start', 'stop' or 'status'.")
        );

    /// <summary>Formats the status of a node as lines <c>name: value</c>.</summary>
    public static Report Describe(NodeStatusReply status, Invocation call)
    {
        var uptime = Math.Max(0, (call.Now - status.Started) / 1_000_000);
        (string Name, string Value)[] items =
        [
            ("node", status.Node),
            ("pid", Number(status.Pid)),
            ("executor pid", status.ExecutorPid > 0 ? Number(status.ExecutorPid) : ""),
            ("address", status.Address),
            ("version", status.Version),
            ("uptime", Durations.Words(TimeSpan.FromSeconds(uptime))),
            ("store", status.Store),
            ("home", call.Settings.Home.Value),
            ("ready", status.Ready ? "yes" : "no"),
            ("certificate until", CertificateUntil(status)),
            ("warning", NodesCommand.WarningOf(status.Node, status.CertificateUntil, call)),
        ];
        return new Report.Values(
            [
                .. items
                    .Where(static item => item.Value.Length > 0)
                    .Select(static item => $"{item.Name}: {item.Value}"),
            ],
            () => NodeStatusDocument.Of(status, call.Settings.Home.Value, call.Now)
        );
    }

    private static string CertificateUntil(NodeStatusReply status) =>
        status.CertificateUntil == 0
            ? ""
            : CertificateExpiry.Day(Microseconds.ToInstant(status.CertificateUntil));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

internal sealed class NodeStartCommand : CloudCommand
{
    private readonly Option<bool> _foreground = Opt.Flag(
        "--foreground",
        "run in the foreground, not as a daemon"
    );
    private readonly Option<int?> _cores = Opt.Number(
        "--cores",
        "N",
        "cores to offer (default: all)",
        1
    );
    private readonly Option<long?> _memory = Opt.Size("--memory", "memory to offer (default: all)");
    private readonly Option<string?> _name = Opt.Text(
        "--name",
        "NAME",
        "name of the node in the cloud, kept for later starts (default: the host name)"
    );
    private readonly Option<string?> _join = Opt.Text(
        "--join",
        "HOST:PORT",
        "node to join (default: the nodes in the store)"
    );

    private readonly Option<string?> _role = Opt.Choice(
        "--role",
        "ROLE",
        "worker: run jobs, hold no job state; control: hold job state, run no jobs (default: both)",
        ["control", "worker"]
    );

    private readonly Option<bool> _newStore = Opt.Flag(
        "--new-store",
        "start with an empty store; the earlier files stay under other names"
    );

    private readonly Option<bool> _olderStore = Opt.Flag(
        "--older-store",
        "use a restored store that is older than the index; the newer changes are lost"
    );

    public NodeStartCommand()
        : base("start", "Start the node and wait until it is ready.")
    {
        Add(_foreground);
        Add(_cores);
        Add(_memory);
        Add(_name);
        Add(_join);
        Add(_role);
        Add(_newStore);
        Add(_olderStore);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        if (call.Settings.NamesServer)
            return NotLocal(call.Settings);
        var nodeArgs = NodeArgs(call);
        var isNewStore = call.Get(_newStore);
        var isOlderStore = call.Get(_olderStore);
        var isChanged = nodeArgs.Length > 0 || isNewStore || isOlderStore;
        if (await NodeStart.TryAskAsync(call.Endpoint) is { Ready: true } running)
            return Running(
                $"Node {running.Node} is already running (pid {running.Pid})",
                isChanged
            );
        if (isChanged && NodeStart.IsStarted(call.Settings.Paths))
            return Running("The node is stopped, but its jobs are still running", isChanged);
        if (isNewStore)
            LocalNode.Request(call.Settings.Paths, call.Settings.Paths.NewStoreRequest);
        if (isOlderStore)
            LocalNode.Request(call.Settings.Paths, call.Settings.Paths.OlderStoreRequest);
        if (call.Get(_foreground))
            return RunHere(call, nodeArgs);
        return NodeCommand.Describe(
            await NodeStart.StartAsync(call.Endpoint, nodeArgs, LocalNode.NoticesOf(call.Terminal)),
            call
        );
    }

    private static CommandError Running(string what, bool isChanged)
    {
        var hint = isChanged ? "; run 'jobcloud node stop' before you change its options" : "";
        return new CommandError(ErrorKinds.Running, $"{what}{hint}.");
    }

    private static CommandError RunHere(Invocation call, string[] nodeArgs)
    {
        var command = NodeStart.CommandLine(call.Endpoint, nodeArgs);
        NodeStart.Prepare(call.Settings.Paths);
        Posix.Exec(command);
        return CommandError.Unavailable($"Cannot run {command[0]}.");
    }

    private string[] NodeArgs(Invocation call)
    {
        var list = new List<string>();
        if (call.Get(_cores) is { } count)
            list.AddRange("--node-arg", $"--cores={count}");
        if (call.Get(_memory) is { } bytes)
            list.AddRange("--node-arg", $"--memory={bytes}");
        if (call.Get(_name) is { } called)
            list.AddRange("--node-arg", $"--name={called}");
        if (call.Get(_join) is { } address)
            list.AddRange("--node-arg", $"--join={address}");
        if (call.Get(_role) is { } part)
            list.AddRange("--node-arg", $"--role={part}");
        return [.. list];
    }

    public static CommandError NotLocal(ClientSettings settings) =>
        CommandError.Usage(
            $"'node' manages the node on this machine, but {settings.Server.Origin} names "
                + $"{settings.Server.Value}; remove it."
        );
}

internal sealed class NodeStopCommand : CloudCommand
{
    private readonly Option<bool> _keepJobs = Opt.Flag(
        "--keep-jobs",
        "keep jobs running; the next start takes them over"
    );
    private readonly Option<bool> _now = Opt.Flag(
        "--now",
        "do not wait for the handover of running jobs to other nodes"
    );

    public NodeStopCommand()
        : base("stop", "Stop the node and its jobs.")
    {
        Add(_keepJobs);
        Add(_now);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        if (call.Settings.NamesServer)
            return NodeStartCommand.NotLocal(call.Settings);
        var how =
            call.Get(_keepJobs) ? NodeStopMode.KeepJobs
            : call.Get(_now) ? NodeStopMode.Now
            : NodeStopMode.HandOver;
        return await LocalNode.StopAsync(call.Settings, how, call.Terminal)
            ? new Report.Nothing(() => new StoppedNodeDocument(call.Settings.Home.Value))
            : NodeStatusCommand.NotRunning(call.Settings);
    }
}

internal sealed class NodeStatusCommand : CloudCommand
{
    public NodeStatusCommand()
        : base(
            "status",
            "Show pid, address, version, uptime and store; exit with 3 if no node is running."
        ) { }

    public override async Task<Report> RunAsync(Invocation call) =>
        await NodeStart.TryAskAsync(call.Endpoint) is { } status
            ? NodeCommand.Describe(status, call)
            : NotRunning(call.Settings);

    public static CommandError NotRunning(ClientSettings settings) =>
        CommandError.Unavailable(
            $"No node is running in {settings.Home.Value}; start one with 'jobcloud node start'."
        );
}
