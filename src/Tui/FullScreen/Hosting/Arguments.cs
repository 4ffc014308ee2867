using System.Text;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>Reads the command line. Each option stands in one table; help comes from it.</summary>
internal static class Arguments
{
    private static readonly string[] Colors = ["auto", "16", "true", "none"];
    private static readonly string[] Drivers = ["ansi", "dotnet"];
    private static readonly string[] TrueColorTerms = ["direct", "kitty", "tmux"];

    private static readonly Option[] All =
    [
        new("--server", "ADDRESS", "the node to come in by: unix:PATH or https://HOST:PORT")
        {
            Variable = "JOBCLOUD_SERVER",
        },
        new("--token-file", "FILE", "the token for the server")
        {
            Variable = "JOBCLOUD_TOKEN_FILE",
        },
        new("--ca-file", "FILE", "the CA that the server is known by")
        {
            Variable = "JOBCLOUD_CA_FILE",
        },
        new("--no-autostart", null, "never start a local node"),
        new("--readonly", null, "send nothing that changes anything"),
        new("--theme", "NAME", $"{Of([.. Palettes.All.Select(p => p.Name)])}, or one of your own"),
        new("--color", "WHEN", $"{Of(Colors)} (auto: NO_COLOR, COLORTERM and TERM decide)"),
        new("--ascii", null, "no characters but ASCII"),
        new("--no-mouse", null, "clicks select text, as the terminal does"),
        new("--driver", "NAME", $"{Of(Drivers)}: how the terminal is spoken to"),
        new("--help", null, "show this help", "-h"),
        new("--version", null, "show the version"),
    ];

    public static string Help
    {
        get
        {
            var text = new StringBuilder(
                "jobcloud-tui: the cloud on the full screen, as it changes.\n\nOptions:\n"
            );
            foreach (var option in All)
                text.Append(
                    $"  {string.Join(", ", new[] { option.Short, $"{option.Name} {option.Value}".Trim() }.OfType<string>()), -22} {option.Summary}{(option.Variable is { } name ? $" [{name}]" : "")}\n"
                );
            return text.Append(
                    "\nIn it, ? shows the keys. What you choose there is kept in $XDG_CONFIG_HOME/jobcloud/tui.json;\nthemes of your own are in themes/NAME.json beside it. Its log: $JOBCLOUD_HOME/log/tui.log\n"
                )
                .ToString();
        }
    }

    /// <param name="environment">A variable's value; null: there is none.</param>
    /// <param name="absolute">Makes a path whole.</param>
    /// <param name="user">What is taken where no option says otherwise.</param>
    public static Parsed<Options> Read(
        IReadOnlyList<string> arguments,
        Func<string, string?> environment,
        Func<string, string> absolute,
        UserChoices user
    )
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (All.FirstOrDefault(o => o.Name == name || o.Short == name) is not { } option)
                return Wrong($"There is no option {name}; --help shows those there are.");
            if (option.Value is not null && value is null)
                value = ++i < arguments.Count ? arguments[i] : null;
            if (option.Value is null != value is null)
                return Wrong(
                    option.Value is null
                        ? $"{name} takes no value."
                        : $"{name} wants {option.Value}."
                );
            given[option.Name] = value ?? "";
        }
        return Options(given, environment, absolute, user);
    }

    private static Parsed<Options> Options(
        Dictionary<string, string> given,
        Func<string, string?> environment,
        Func<string, string> absolute,
        UserChoices user
    )
    {
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
            return Wrong(server.Error.Message);
        var color = given.GetValueOrDefault("--color") ?? "auto";
        var driver = given.GetValueOrDefault("--driver") ?? Drivers[0];
        if (!Colors.Contains(color))
            return Wrong($"--color {color}: write {Of(Colors)}.");
        if (!Drivers.Contains(driver))
            return Wrong($"--driver {driver}: write {Of(Drivers)}.");
        var theme = given.GetValueOrDefault("--theme");
        if (theme is not null && user.Theme(theme) is null)
            return Wrong($"--theme {theme}: write {Of([.. user.Themes.Select(p => p.Name)])}.");
        var palette = user.Theme(theme ?? user.Choices.Theme ?? "") ?? Palettes.Dark;
        return new Options(
            new CloudPlace(
                paths,
                server.Value,
                FileOf("--token-file"),
                FileOf("--ca-file"),
                MayStart: passed["--server"] is null && !given.ContainsKey("--no-autostart")
            ),
            All.Where(o => o.Variable is not null && given.ContainsKey(o.Name))
                .ToDictionary(o => o.Variable!, o => given[o.Name]),
            given.ContainsKey("--readonly"),
            Colored(palette, color, environment),
            given.ContainsKey("--ascii") || user.Choices.Ascii,
            !given.ContainsKey("--no-mouse") && user.Choices.Mouse,
            driver,
            user
        );

        string FileOf(string option) => passed[option] is { } file ? absolute(file) : "";
    }

    /// <summary>The palette that the terminal can show.</summary>
    private static Palette Colored(
        Palette wished,
        string color,
        Func<string, string?> environment
    ) =>
        color switch
        {
            "16" => InSixteen(wished),
            "none" => Palettes.Plain,
            "auto" when Variable(environment, "NO_COLOR") is not null => Palettes.Plain,
            "auto" when Variable(environment, "TERM") == "dumb" => Palettes.Plain,
            "auto" when !HasTrueColor(environment) => InSixteen(wished),
            _ => wished,
        };

    private static Palette InSixteen(Palette wished) =>
        wished.IsLight ? Palettes.SixteenLight : Palettes.Sixteen;

    /// <summary>Whether the terminal says that it takes colours of 24 bits. One of 256 colours gets
    /// the theme of sixteen, for Terminal.Gui writes nothing between the two; tmux takes 24 bits
    /// and maps them itself.</summary>
    private static bool HasTrueColor(Func<string, string?> environment) =>
        Variable(environment, "COLORTERM") is "truecolor" or "24bit"
        || Variable(environment, "TMUX") is not null
        || Variable(environment, "TERM") is { } term
            && TrueColorTerms.Any(known => term.Contains(known, StringComparison.Ordinal));

    private static string HomeOf(Func<string, string?> environment, Func<string, string> absolute)
    {
        if (Variable(environment, "JOBCLOUD_HOME") is { } home)
            return absolute(home);
        // A relative one is to be ignored (XDG Base Directory Specification).
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

    private static string Of(IReadOnlyList<string> words) =>
        $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    private static TextError Wrong(string message) => new(0, 0, message);

    /// <param name="Value">What stands behind it; null: nothing does.</param>
    private sealed record Option(string Name, string? Value, string Summary, string? Short = null)
    {
        /// <summary>Of the environment, that gives its value where it is not given; null: none
        /// does.</summary>
        public string? Variable { get; init; }
    }
}
