using System.Text;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Parses the command line. The options are one table; the help is printed from
/// it.</summary>
internal static class Arguments
{
    private static readonly string[] Colors = ["auto", "16", "256", "true", "none"];
    private static readonly string[] Drivers = ["ansi", "dotnet"];

    private static readonly Option[] All =
    [
        new("--server", "ADDRESS", "node to connect to: unix:PATH or https://HOST:PORT")
        {
            Variable = "JOBCLOUD_SERVER",
        },
        new("--token-file", "FILE", "file with the access token")
        {
            Variable = "JOBCLOUD_TOKEN_FILE",
        },
        new("--ca-file", "FILE", "file with the CA certificate of the server")
        {
            Variable = "JOBCLOUD_CA_FILE",
        },
        new("--no-autostart", null, "do not start a local node"),
        new("--readonly", null, "disable all changes"),
        new(
            "--theme",
            "NAME",
            $"{OrList([.. Palettes.All.Select(p => p.Name)])}, or a theme of your own"
        ),
        new("--color", "WHEN", $"{OrList(Colors)} (auto uses NO_COLOR, COLORTERM and TERM)"),
        new("--ascii", null, "use only ASCII characters"),
        new("--no-mouse", null, "do not use the mouse, so that the terminal can select text"),
        new("--driver", "NAME", $"terminal driver: {OrList(Drivers)}"),
        new("--help", null, "show this help", "-h"),
        new("--version", null, "show the version"),
    ];

    public static string Help
    {
        get
        {
            var text = new StringBuilder(
                "jobcloud-tui: the full-screen UI of JobCloud.\n\nOptions:\n"
            );
            foreach (var option in All)
                text.Append(
                    $"  {string.Join(", ", new[] { option.Short, $"{option.Name} {option.Value}".Trim() }.OfType<string>()), -22} {option.Summary}{(option.Variable is { } name ? $" [{name}]" : "")}\n"
                );
            return text.Append(
                    "\nPress ? for the keys. The UI saves its preferences in $XDG_CONFIG_HOME/jobcloud/tui.json and reads\nthemes of your own from themes/NAME.json beside it. Log: $JOBCLOUD_HOME/log/tui.log\n"
                )
                .ToString();
        }
    }

    /// <param name="environment">Reads an environment variable; null: not set.</param>
    /// <param name="absolute">Makes a path absolute.</param>
    /// <param name="user">The user's saved preferences and themes.</param>
    public static Parsed<Options> Read(
        IReadOnlyList<string> arguments,
        Func<string, string?> environment,
        Func<string, string> absolute,
        UserConfig user
    )
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (All.FirstOrDefault(o => o.Name == name || o.Short == name) is not { } option)
                return Invalid($"Unknown option {name}; see --help.");
            if (option.Value is not null && value is null)
                value = ++i < arguments.Count ? arguments[i] : null;
            if (option.Value is null != value is null)
                return Invalid(
                    option.Value is null
                        ? $"{name} takes no value."
                        : $"{name} requires {option.Value}."
                );
            given[option.Name] = value ?? "";
        }
        return Options(given, environment, absolute, user);
    }

    private static Parsed<Options> Options(
        Dictionary<string, string> given,
        Func<string, string?> environment,
        Func<string, string> absolute,
        UserConfig user
    )
    {
        var terminal = new TerminalTraits(environment);
        if (terminal.IsDumb)
            return Invalid(
                "TERM=dumb is a terminal without a cursor; use 'jobcloud ls', or set TERM to what the terminal is, such as xterm-256color."
            );
        var paths = new HomePaths(HomeOf(environment, absolute));
        var passed = All.Where(o => o.Variable is not null)
            .ToDictionary(
                o => o.Name,
                o => given.GetValueOrDefault(o.Name) ?? Variable(environment, o.Variable!)
            );
        var server = passed["--server"] is { } named
            ? CloudAddress.Parse(named, absolute)
            : CloudAddress.OfPath(paths.GatewaySocket);
        if (!server.Ok)
            return Invalid(server.Error.Message);
        var color = given.GetValueOrDefault("--color") ?? "auto";
        var driver = given.GetValueOrDefault("--driver") ?? Drivers[0];
        if (!Colors.Contains(color))
            return Invalid($"--color {color}: must be {OrList(Colors)}.");
        if (!Drivers.Contains(driver))
            return Invalid($"--driver {driver}: must be {OrList(Drivers)}.");
        var theme = given.GetValueOrDefault("--theme");
        if (theme is not null && user.Theme(theme) is null)
            return Invalid(
                $"--theme {theme}: must be {OrList([.. user.Themes.Select(p => p.Name)])}."
            );
        var chosen = user.Theme(theme ?? user.Preferences.Theme ?? "");
        var depth = DepthOf(color, driver, terminal);
        return new Options(
            new ConnectionOptions(
                paths,
                server.Value,
                FileOf("--token-file"),
                FileOf("--ca-file"),
                CanAutostart: passed["--server"] is null
                    && !given.ContainsKey("--no-autostart")
                    // A job in a sandbox has no way to its cloud, and another one must not stand
                    // for it.
                    && (
                        Variable(environment, "JOBCLOUD_JID") is null
                        || Variable(environment, "JOBCLOUD_HOME") is not null
                    )
            ),
            All.Where(o => o.Variable is not null && given.ContainsKey(o.Name))
                .ToDictionary(o => o.Variable!, o => given[o.Name]),
            given.ContainsKey("--readonly"),
            Reduced(chosen ?? Palettes.OnGround(terminal.IsLight ?? false), depth),
            depth,
            chosen is null,
            given.ContainsKey("--ascii") || user.Preferences.Ascii || terminal.IsAscii,
            !given.ContainsKey("--no-mouse") && user.Preferences.Mouse,
            driver,
            user
        );

        string FileOf(string option) => passed[option] is { } file ? absolute(file) : "";
    }

    /// <summary>A palette, reduced to what the terminal can show.</summary>
    public static Palette Reduced(Palette requested, ColorDepth depth) =>
        depth switch
        {
            ColorDepth.None => Palettes.Plain,
            ColorDepth.Sixteen => requested.IsLight ? Palettes.SixteenLight : Palettes.Sixteen,
            _ => requested,
        };

    private static ColorDepth DepthOf(string color, string driver, TerminalTraits terminal)
    {
        var depth = color switch
        {
            "none" => ColorDepth.None,
            "16" => ColorDepth.Sixteen,
            "256" => ColorDepth.Indexed,
            "true" => ColorDepth.Full,
            _ => terminal.Depth,
        };
        // Only one driver writes colours by number.
        return depth == ColorDepth.Indexed && driver != Drivers[0] ? ColorDepth.Sixteen : depth;
    }

    private static string HomeOf(Func<string, string?> environment, Func<string, string> absolute)
    {
        if (Variable(environment, "JOBCLOUD_HOME") is { } home)
            return absolute(home);
        // A relative path must be ignored (XDG Base Directory Specification).
        if (Variable(environment, "XDG_DATA_HOME") is { } data && Path.IsPathRooted(data))
            return $"{data.TrimEnd('/')}/jobcloud";
        return $"{(Variable(environment, "HOME") ?? "/").TrimEnd('/')}/.local/share/jobcloud";
    }

    private static string? Variable(Func<string, string?> environment, string name) =>
        environment(name) is { Length: > 0 } value ? value : null;

    private static (string Name, string? Value) Split(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && argument.StartsWith("--", StringComparison.Ordinal)
            ? (argument[..at], argument[(at + 1)..])
            : (argument, null);
    }

    private static string OrList(IReadOnlyList<string> words) =>
        $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    private static TextError Invalid(string message) => new(0, 0, message);

    /// <param name="Value">The name of its value; null: it takes none.</param>
    private sealed record Option(string Name, string? Value, string Summary, string? Short = null)
    {
        /// <summary>The environment variable that gives the default; null: none.</summary>
        public string? Variable { get; init; }
    }
}
