using Akka.Configuration;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>The merged settings of all layers, not yet parsed.</summary>
/// <param name="Values">Every value under <c>jobcloud</c>, by its full key.</param>
/// <param name="Akka">The layers' settings for Akka.NET.</param>
/// <param name="Errors">Errors in the layers themselves.</param>
internal sealed record LoadedSettings(
    IReadOnlyDictionary<string, SettingValue> Values,
    Config Akka,
    IReadOnlyList<SettingsError> Errors
)
{
    /// <summary>No settings: all defaults apply.</summary>
    public static LoadedSettings None { get; } =
        new(new Dictionary<string, SettingValue>(), Config.Empty, []);
}
