namespace JobCloud.Node.Daemon.Hosting;

/// <summary>One thing wrong with the settings, as a sentence that says where and what is expected.</summary>
public sealed record SettingsTrouble(string Message)
{
    public static SettingsTrouble Value(string key, SettingValue value, string expected) =>
        new(
            $"{key} = \"{StoreSettings.Shown(key, value.Text)}\" ({value.Origin}): expected {expected}"
        );

    public static SettingsTrouble Unknown(string key, SettingValue value) =>
        new(
            $"{key} = \"{StoreSettings.Shown(key, value.Text)}\" ({value.Origin}): there is no such setting"
        );
}

/// <summary>The settings cannot be used; all that is wrong with them at once.</summary>
public sealed class SettingsException(IReadOnlyList<SettingsTrouble> troubles)
    : Exception(string.Join('\n', troubles.Select(trouble => trouble.Message)))
{
    public IReadOnlyList<SettingsTrouble> Troubles { get; } = troubles;
}
