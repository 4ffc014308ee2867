namespace JobCloud.Node.Daemon.Settings;

/// <summary>One error in the settings: a sentence with the place, the problem and the expected
/// value.</summary>
internal sealed record SettingsError(string Message)
{
    public static SettingsError Of(string key, string value, string origin, string problem) =>
        new($"{key} = \"{value}\" ({origin}): {problem}");
}

/// <summary>The settings are invalid; carries all errors.</summary>
internal sealed class SettingsException(IReadOnlyList<SettingsError> errors)
    : Exception(string.Join('\n', errors.Select(error => error.Message)))
{
    public IReadOnlyList<SettingsError> Errors { get; } = errors;
}
