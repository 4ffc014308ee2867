namespace JobCloud.Node.Daemon.Settings;

/// <summary>One thing wrong with the settings, as a sentence that says where and what is
/// expected.</summary>
internal sealed record SettingsTrouble(string Message)
{
    public static SettingsTrouble Of(string key, string value, string origin, string problem) =>
        new($"{key} = \"{value}\" ({origin}): {problem}");
}

/// <summary>The settings cannot be used; all that is wrong with them at once.</summary>
internal sealed class SettingsException(IReadOnlyList<SettingsTrouble> troubles)
    : Exception(string.Join('\n', troubles.Select(trouble => trouble.Message)))
{
    public IReadOnlyList<SettingsTrouble> Troubles { get; } = troubles;
}
