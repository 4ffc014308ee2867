using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Nodes;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class NodeCommand : CloudCommand, IListed
{
    public NodeCommand()
        : base(Word, Summary)
    {
        Add(new NodeStartCommand());
        Add(new NodeStopCommand());
        Add(new NodeStatusCommand());
    }

    public static string Word => "node";
    public static string Summary => "Start, stop or ask the node of this machine.";

    public override string[] Examples =>
        ["jobcloud node start --cores 4 --memory 8G", "jobcloud node status", "jobcloud node stop"];

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(Trouble.Usage("Say what to do: 'node start', 'stop' or 'status'."));

    /// <summary>What a node says of itself, as <c>name: value</c>.</summary>
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
        ];
        return new Report.Values(
            [
                .. items
                    .Where(static item => item.Value.Length > 0)
                    .Select(static item => $"{item.Name}: {item.Value}"),
            ],
            json => WriteJson(json, status, uptime, call.Settings.Home.Value)
        );
    }

    private static void WriteJson(
        Utf8JsonWriter json,
        NodeStatusReply status,
        long uptime,
        string home
    )
    {
        json.WriteString("node", status.Node);
        json.WriteNumber("pid", status.Pid);
        if (status.ExecutorPid > 0)
            json.WriteNumber("executor_pid", status.ExecutorPid);
        json.WriteString("address", status.Address);
        json.WriteString("node_version", status.Version);
        json.WriteNumber("uptime", uptime);
        json.WriteString("store", status.Store);
        json.WriteString("home", home);
        json.WriteBoolean("ready", status.Ready);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

internal sealed class NodeStartCommand : CloudCommand
{
    private readonly Option<bool> _foreground = Opt.Flag(
        "--foreground",
        "run here, not as a daemon"
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
        "its name in the cloud (default: the host's)"
    );
    private readonly Option<string?> _join = Opt.Text(
        "--join",
        "HOST:PORT",
        "a node to join (default: those that the store names)"
    );

    private readonly Option<string?> _role = Opt.Choice(
        "--role",
        "ROLE",
        "worker: it runs jobs and holds no job state; control: the other way round (default: both)",
        ["control", "worker"]
    );

    public NodeStartCommand()
        : base("start", "Start the node; return once it answers.")
    {
        Add(_foreground);
        Add(_cores);
        Add(_memory);
        Add(_name);
        Add(_join);
        Add(_role);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        if (call.Settings.NamesServer)
            return NotLocal(call.Settings);
        var nodeArgs = NodeArgs(call);
        if (await LocalNode.TryAskAsync(call.Settings, call.Terminal) is { Ready: true } running)
            return Running($"The node {running.Node} runs already (pid {running.Pid})", nodeArgs);
        if (nodeArgs.Length > 0 && LocalNode.IsStarted(call.Settings.Paths))
            return Running("Jobs of the stopped node run on", nodeArgs);
        if (call.Get(_foreground))
            return RunHere(call, nodeArgs);
        return NodeCommand.Describe(
            await LocalNode.StartAsync(call.Settings, nodeArgs, call.Terminal),
            call
        );
    }

    private static Trouble Running(string what, string[] nodeArgs)
    {
        var hint = nodeArgs.Length > 0 ? "; stop it first to change what it offers" : "";
        return new Trouble(ExitCodes.Refused, "running", $"{what}{hint}.");
    }

    private static Trouble RunHere(Invocation call, string[] nodeArgs)
    {
        var command = LocalNode.CommandLine(call.Settings, nodeArgs, call.Terminal);
        LocalNode.Prepare(call.Settings.Paths);
        Posix.Become(command);
        return Trouble.Unavailable($"{command[0]} could not be run.");
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

    public static Trouble NotLocal(ClientSettings settings) =>
        Trouble.Usage(
            $"'node' is about this machine's node, but {settings.Server.Origin} names "
                + $"{settings.Server.Value}; leave that out."
        );
}

internal sealed class NodeStopCommand : CloudCommand
{
    private readonly Option<bool> _keepJobs = Opt.Flag(
        "--keep-jobs",
        "let running jobs run on; the next start takes them back"
    );
    private readonly Option<bool> _now = Opt.Flag(
        "--now",
        "do not wait for running jobs (a node of several does)"
    );

    public NodeStopCommand()
        : base("stop", "Stop the node and what it runs.")
    {
        Add(_keepJobs);
        Add(_now);
    }

    public override async Task<Report> RunAsync(Invocation call)
    {
        if (call.Settings.NamesServer)
            return NodeStartCommand.NotLocal(call.Settings);
        var how =
            call.Get(_keepJobs) ? NodeStop.KeepJobs
            : call.Get(_now) ? NodeStop.Now
            : NodeStop.HandOver;
        return await LocalNode.StopAsync(call.Settings, how, call.Terminal)
            ? new Report.Nothing()
            : NodeStatusCommand.NotRunning(call.Settings);
    }
}

internal sealed class NodeStatusCommand : CloudCommand
{
    public NodeStatusCommand()
        : base("status", "Show pid, address, version, uptime and store; exit 3 when none runs.") { }

    public override async Task<Report> RunAsync(Invocation call) =>
        await LocalNode.TryAskAsync(call.Settings, call.Terminal) is { } status
            ? NodeCommand.Describe(status, call)
            : NotRunning(call.Settings);

    public static Trouble NotRunning(ClientSettings settings) =>
        Trouble.Unavailable(
            $"No node runs in {settings.Home.Value}; start one with 'jobcloud node start'."
        );
}
