using Akka.Configuration;

namespace JobCloud.Node.Daemon.Settings;

/// <summary>The settings of all layers together, not yet understood.</summary>
/// <param name="Values">Every value under <c>jobcloud</c>, by its whole key.</param>
/// <param name="Akka">What the layers set for Akka.NET.</param>
/// <param name="Troubles">What was wrong with the layers themselves.</param>
internal sealed record LoadedSettings(
    IReadOnlyDictionary<string, SettingValue> Values,
    Config Akka,
    IReadOnlyList<SettingsTrouble> Troubles
)
{
    /// <summary>Nobody set anything.</summary>
    public static LoadedSettings None { get; } =
        new(new Dictionary<string, SettingValue>(), Config.Empty, []);
}
