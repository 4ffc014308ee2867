using System.CommandLine;
using System.Globalization;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Client;

/// <summary>A setting with its value and origin.</summary>
internal sealed record ClientSetting(string Name, string Value, string Origin);

/// <summary>The settings of the client: from flags, else the environment, else defaults.</summary>
internal sealed record ClientSettings
{
    private const string DefaultOrigin = "default";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>An absolute path.</summary>
    public required ClientSetting Home { get; init; }

    /// <summary>Empty means the local node of <see cref="Home"/>.</summary>
    public required ClientSetting Server { get; init; }

    /// <summary>Empty means that no token is sent.</summary>
    public required ClientSetting TokenFile { get; init; }

    /// <summary>Empty means the CA in <see cref="Home"/>, else the CAs of the system.</summary>
    public required ClientSetting CaFile { get; init; }
    public required ClientSetting TimeoutSeconds { get; init; }
    public required ClientSetting Output { get; init; }
    public required ClientSetting Autostart { get; init; }

    /// <summary>The variables that submissions pass on if they do not say which.</summary>
    public required ClientSetting Export { get; init; }

    public OutputFormat Format => OutputFormats.Of(Output.Value);
    public HomePaths Paths => new(Home.Value);
    public bool NamesServer => Server.Value.Length > 0;
    public bool NamesHome => Home.Origin == ConnectionVariables.Home;
    public bool CanAutostart => Autostart.Value == "on" && !NamesServer;

    /// <summary>The time limit of one request; zero means no limit.</summary>
    public TimeSpan Timeout { get; private init; }

    /// <summary>The time limit that the user gave; null: none, or no limit.</summary>
    public TimeSpan? GivenTimeout { get; private init; }

    /// <summary>These settings with a shorter time limit.</summary>
    public ClientSettings Within(TimeSpan limit) => this with { Timeout = limit };

    public ClientSetting[] All =>
        [Home, Server, TokenFile, CaFile, TimeoutSeconds, Output, Autostart, Export];

    public static ClientSettings Read(
        ParseResult parsed,
        GlobalOptions options,
        CommandProcess terminal
    )
    {
        var given = parsed.GetValue(options.Timeout);
        var timeout = given ?? DefaultTimeout;
        var format = parsed.GetValue(options.Output);
        var forbidden = parsed.GetValue(options.NoAutostart);
        return new ClientSettings
        {
            Home = HomeOf(terminal),
            Server = Pick(
                "server",
                "--server",
                parsed.GetValue(options.Server),
                ConnectionVariables.Server,
                terminal
            ),
            TokenFile = Pick(
                "token-file",
                "--token-file",
                parsed.GetValue(options.TokenFile),
                ConnectionVariables.TokenFile,
                terminal
            ),
            CaFile = Pick(
                "ca-file",
                "--ca-file",
                parsed.GetValue(options.CaFile),
                ConnectionVariables.CaFile,
                terminal
            ),
            TimeoutSeconds = new ClientSetting(
                "timeout",
                timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                given is null ? DefaultOrigin : "--timeout"
            ),
            Timeout = timeout,
            GivenTimeout = given > TimeSpan.Zero ? given : null,
            Output = new ClientSetting(
                "output",
                format ?? OutputFormats.Names[0],
                format is null ? DefaultOrigin : "--output"
            ),
            Autostart = new ClientSetting(
                "autostart",
                forbidden ? "off" : "on",
                forbidden ? "--no-autostart" : DefaultOrigin
            ),
            Export = terminal.Variable(ExportedVariables.Setting) is { Length: > 0 } exported
                ? new ClientSetting("export", exported, ExportedVariables.Setting)
                : new ClientSetting("export", ExportedVariables.Default, DefaultOrigin),
        };
    }

    /// <summary>Where a command connects.</summary>
    public Endpoint Endpoint(CommandProcess terminal) =>
        new()
        {
            Timeout = Timeout,
            Paths = Paths,
            Server = Server.Value,
            TokenFile = TokenFile.Value,
            CaFile = CaFile.Value,
            Directory = terminal.Directory,
            WaitLimit = GivenTimeout,
            MachineNode = MachineNode,
            IsCutOff = ConnectionVariables.IsCutOff(terminal.Variable, NamesServer, NamesHome),
            StartsNode = CanAutostart,
            Programs = [terminal.Programs],
            Names = new SettingNames("--server", "--ca-file", "--token-file", "--timeout"),
            Blocks = true,
            Say = sentence =>
            {
                if (Format != OutputFormat.Json)
                    terminal.Error.WriteLine(sentence);
            },
            Clock = terminal.Clock,
        };

    private static ClientSetting Pick(
        string name,
        string flag,
        string? given,
        string variable,
        CommandProcess terminal
    )
    {
        if (given is not null)
            return new ClientSetting(name, given, flag);
        return terminal.Variable(variable) is { Length: > 0 } value
            ? new ClientSetting(name, value, variable)
            : new ClientSetting(name, "", DefaultOrigin);
    }

    /// <summary>The node that serves all accounts of this machine, tried where this account has no
    /// node of its own; null: the user named a home or a server.</summary>
    public CloudAddress.Local? MachineNode =>
        NamesServer || NamesHome ? null : new CloudAddress.Local(HomePaths.MachineSocket);

    private static ClientSetting HomeOf(CommandProcess terminal)
    {
        const string DataHome = "XDG_DATA_HOME";
        if (terminal.Variable(ConnectionVariables.Home) is { Length: > 0 } home)
            return new ClientSetting("home", terminal.Absolute(home), ConnectionVariables.Home);
        return new ClientSetting(
            "home",
            HomePaths.DefaultHome(terminal.Variable),
            terminal.Variable(DataHome) is { } data && Path.IsPathRooted(data)
                ? DataHome
                : DefaultOrigin
        );
    }
}
