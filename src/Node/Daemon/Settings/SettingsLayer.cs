using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>The settings of one source.</summary>
/// <param name="Values">Every value under <c>jobcloud</c>, by its full key.</param>
/// <param name="Akka">The whole source, for Akka.NET's own settings.</param>
internal sealed record SettingsLayer(
    IReadOnlyDictionary<string, SettingValue> Values,
    Config Akka,
    IReadOnlyList<SettingsError> Errors
)
{
    private static readonly string[] Roots = ["jobcloud", "akka"];

    /// <summary>Parses a HOCON text; problems become errors of the layer.</summary>
    public static SettingsLayer Parse(string text, string origin)
    {
        if (HoconCheck.FindError(text) is { } problem)
            return Invalid($"{origin}, {problem}");
        try
        {
            return Read(ConfigurationFactory.ParseString(text), origin);
        }
        catch (Exception e)
        {
            // The parser throws many types of exceptions.
            return Invalid($"{origin} is not valid HOCON: {e.Message}");
        }
    }

    public static SettingsLayer Invalid(string message) =>
        new(new Dictionary<string, SettingValue>(), Config.Empty, [new SettingsError(message)]);

    private static SettingsLayer Read(Config config, string origin)
    {
        var values = new Dictionary<string, SettingValue>();
        var errors = new List<SettingsError>();
        if (!config.IsEmpty)
            foreach (var (root, value) in config.Root.GetObject().Items)
            {
                if (!Roots.Contains(root))
                    errors.Add(
                        new SettingsError(
                            $"{root} ({origin}): settings must start with jobcloud or akka"
                        )
                    );
                else if (root == "jobcloud")
                    Flatten(root, value, origin, values);
            }
        return new SettingsLayer(values, config, errors);
    }

    private static void Flatten(
        string key,
        HoconValue value,
        string origin,
        Dictionary<string, SettingValue> values
    )
    {
        if (value.IsObject())
        {
            foreach (var (name, child) in value.GetObject().Items)
                Flatten($"{key}.{name}", child, origin, values);
            return;
        }
        values[key] = value.IsArray()
            ? List(value, origin)
            : new SettingValue(value.GetString() ?? "", origin);
    }

    private static SettingValue List(HoconValue value, string origin)
    {
        var items = value.GetStringList();
        return new SettingValue($"[{string.Join(", ", items)}]", origin, [.. items]);
    }
}
