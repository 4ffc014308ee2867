using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>The settings that come from one place.</summary>
/// <param name="Values">Every value under <c>jobcloud</c>, by its whole key.</param>
/// <param name="Akka">All else: what Akka.NET itself reads.</param>
internal sealed record SettingsLayer(
    IReadOnlyDictionary<string, SettingValue> Values,
    Config Akka,
    IReadOnlyList<SettingsTrouble> Troubles
)
{
    private static readonly string[] Roots = ["jobcloud", "akka"];

    /// <summary>Reads a HOCON text; whatever is wrong with it becomes a trouble.</summary>
    public static SettingsLayer Parse(string text, string origin)
    {
        if (HoconText.FindTrouble(text) is { } trouble)
            return Bad($"{origin}, {trouble}");
        try
        {
            return Read(ConfigurationFactory.ParseString(text), origin);
        }
        catch (Exception e)
        {
            // The parser throws whatever its own code happens to meet.
            return Bad($"{origin} is not HOCON: {e.Message}");
        }
    }

    public static SettingsLayer Bad(string message) =>
        new(new Dictionary<string, SettingValue>(), Config.Empty, [new SettingsTrouble(message)]);

    private static SettingsLayer Read(Config config, string origin)
    {
        var values = new Dictionary<string, SettingValue>();
        var troubles = new List<SettingsTrouble>();
        if (!config.IsEmpty)
            foreach (var (root, value) in config.Root.GetObject().Items)
            {
                if (!Roots.Contains(root))
                    troubles.Add(
                        new SettingsTrouble(
                            $"{root} ({origin}): a setting starts with jobcloud or akka"
                        )
                    );
                else if (root == "jobcloud")
                    Flatten(root, value, origin, values);
            }
        return new SettingsLayer(values, config, troubles);
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
