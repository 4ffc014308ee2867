using System.Text;
using Akka.Configuration;
using JobCloud.Node.Daemon.Homes;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>Merges the layers of settings: see hocon/README.md.</summary>
internal static class HoconLoader
{
    private const string ProviderKey = "jobcloud.store.provider";
    private const string HomeKey = "jobcloud.home";
    private const string Prefix = "JOBCLOUD__";
    private static readonly string[] Modes = ["single", "cluster", "test"];

    /// <param name="environment">The environment variables of the process.</param>
    public static LoadedSettings Load(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var given = NodeArguments.Parse(arguments);
        var home = FindHome(given, environment);
        SettingsLayer[] own =
        [
            SettingsFile(given.File, home.Text),
            FromEnvironment(environment),
            .. given.Settings.Select(set => Single(set.Key, set.Value, set.Origin)),
        ];
        var mode = given.Mode ?? ModeOf(own);
        SettingsLayer[] layers =
        [
            Embedded("akka"),
            Modes.Contains(mode)
                ? Embedded(mode)
                : SettingsLayer.Invalid(
                    $"--mode {mode}: expected one of {string.Join(", ", Modes)}"
                ),
            .. own,
        ];
        return Merge(layers, home, given.Errors);
    }

    /// <summary>With a shared store the node is one of a cluster.</summary>
    private static string ModeOf(IEnumerable<SettingsLayer> own) =>
        own.Select(layer => layer.Values.GetValueOrDefault(ProviderKey)?.Text)
            .LastOrDefault(text => text is not null) == "postgresql"
            ? "cluster"
            : "single";

    /// <summary>The text of an embedded file.</summary>
    private static string ReadEmbedded(string name)
    {
        using var stream = typeof(HoconLoader).Assembly.GetManifestResourceStream(
            $"hocon/{name}.conf"
        )!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static LoadedSettings Merge(
        IReadOnlyList<SettingsLayer> layers,
        SettingValue home,
        IReadOnlyList<SettingsError> errors
    )
    {
        var values = new Dictionary<string, SettingValue>();
        var all = errors.ToList();
        var akka = Config.Empty;
        foreach (var layer in layers)
        {
            foreach (var (key, value) in layer.Values)
                values[key] = value;
            all.AddRange(layer.Errors);
            akka = layer.Akka.WithFallback(akka);
        }
        if (values.GetValueOrDefault(HomeKey) is { Text.Length: > 0 } set)
            all.Add(
                SettingsError.Of(
                    HomeKey,
                    set.Text,
                    set.Origin,
                    "cannot be set here; use --home or JOBCLOUD_HOME"
                )
            );
        values[HomeKey] = home;
        return new LoadedSettings(values, akka, all);
    }

    private static SettingValue FindHome(
        NodeArguments given,
        IReadOnlyDictionary<string, string> environment
    )
    {
        if (given.Home is { Length: > 0 } home)
            return new SettingValue(Path.GetFullPath(home), "--home");
        if (environment.GetValueOrDefault("JOBCLOUD_HOME") is { Length: > 0 } named)
            return new SettingValue(Path.GetFullPath(named), "environment JOBCLOUD_HOME");
        var data = environment.GetValueOrDefault("XDG_DATA_HOME") is { Length: > 0 } xdg
            ? xdg
            : $"{environment.GetValueOrDefault("HOME")}/.local/share";
        return new SettingValue($"{data}/jobcloud", "default");
    }

    private static SettingsLayer Embedded(string name) =>
        SettingsLayer.Parse(ReadEmbedded(name), $"{name}.conf");

    private static SettingsLayer SettingsFile(string? named, string home)
    {
        var path = named ?? $"{home}/jobcloud.conf";
        if (FileOwner.ErrorOfSettings(path, home) is { } trouble)
            return SettingsLayer.Invalid($"The settings are not safe: {trouble}");
        try
        {
            return SettingsLayer.Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return named is null
                ? SettingsLayer.Parse("", path)
                : SettingsLayer.Invalid($"--config {path}: no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SettingsLayer.Invalid($"Cannot read {path}: {e.Message}");
        }
    }

    private static SettingsLayer FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var values = new Dictionary<string, SettingValue>();
        var errors = new List<SettingsError>();
        foreach (var (name, text) in environment)
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var parts = name[Prefix.Length..].ToLowerInvariant().Replace('_', '-').Split("--");
            var layer = Single($"jobcloud.{string.Join('.', parts)}", text, $"environment {name}");
            errors.AddRange(layer.Errors);
            foreach (var (key, value) in layer.Values)
                values[key] = value;
        }
        return new SettingsLayer(values, Config.Empty, errors);
    }

    /// <summary>A layer with one key; its value is literal unless it is a list.</summary>
    private static SettingsLayer Single(string key, string value, string origin)
    {
        if (!key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'))
            return SettingsLayer.Invalid($"{key} ({origin}): unknown setting");
        return SettingsLayer.Parse(
            $"{key} = {(value.StartsWith('[') ? value : Quote(value))}",
            origin
        );
    }

    private static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
            quoted.Append(
                c switch
                {
                    '"' or '\\' => $"\\{c}",
                    '\n' => "\\n",
                    _ => c.ToString(),
                }
            );
        return quoted.Append('"').ToString();
    }
}
