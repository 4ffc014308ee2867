namespace JobCloud.Node.Daemon.Settings;

/// <summary>The parsed command line of <c>jobcloud-node</c>; its values are not checked.</summary>
/// <param name="Mode">The embedded file to apply over reference.conf; null: chosen by the
/// store.</param>
/// <param name="Settings">Full keys, their values and the options that set them, in order.</param>
internal sealed record NodeArguments(
    string? Home,
    string? Mode,
    string? File,
    IReadOnlyList<(string Key, string Value, string Origin)> Settings,
    IReadOnlyList<SettingsError> Errors
)
{
    private static readonly Dictionary<string, string> Shorthands = new()
    {
        ["--name"] = "jobcloud.node.name",
        ["--cores"] = "jobcloud.node.cores",
        ["--memory"] = "jobcloud.node.memory",
    };

    private static readonly string[] Options =
    [
        "--home",
        "--mode",
        "--config",
        "--set",
        "--join",
        "--role",
        .. Shorthands.Keys,
    ];

    public static NodeArguments Parse(IReadOnlyList<string> arguments)
    {
        string? home = null;
        string? file = null;
        string? mode = null;
        var settings = new List<(string, string, string)>();
        var errors = new List<SettingsError>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (option, value) = Split(arguments[i]);
            if (!Options.Contains(option))
            {
                errors.Add(new SettingsError($"Unknown option {option}"));
                continue;
            }
            value ??= i + 1 < arguments.Count ? arguments[++i] : null;
            if (value is null)
                errors.Add(new SettingsError($"{option}: missing value"));
            else if (option == "--home")
                home = value;
            else if (option == "--mode")
                mode = value;
            else if (option == "--config")
                file = value;
            else if (option == "--join")
                settings.Add(("jobcloud.cluster.seed-nodes", ListOf(value), option));
            else if (option == "--role")
                settings.Add(("jobcloud.node.roles", $"[{value}]", option));
            else if (Shorthands.TryGetValue(option, out var key))
                settings.Add((key, value, option));
            else if (value.IndexOf('=') is > 0 and var equals)
                settings.Add((value[..equals].Trim(), value[(equals + 1)..].Trim(), option));
            else
                errors.Add(new SettingsError($"--set {value}: expected KEY=VALUE"));
        }
        return new NodeArguments(home, mode, file, settings, errors);
    }

    // HOST:PORT[,HOST:PORT...]
    private static string ListOf(string addresses) =>
        $"[{string.Join(", ", addresses.Split(',').Select(address => $"\"{address.Trim()}\""))}]";

    private static (string Option, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--") ? argument.IndexOf('=') : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}
