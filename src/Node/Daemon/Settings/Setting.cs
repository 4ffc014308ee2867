namespace JobCloud.Node.Daemon.Settings;

/// <summary>A setting as it was written, and the layer it came from.</summary>
/// <param name="Items">The elements, when it was written as a list.</param>
internal sealed record SettingValue(
    string Text,
    string Origin,
    IReadOnlyList<string>? Items = null
);

/// <summary>What the code that reads a setting says of it: the one place that does.</summary>
/// <param name="Preset">Its value where nobody sets it; null: it is a section of others.</param>
/// <param name="Why">What it is for, in a sentence or two.</param>
/// <param name="Bounds">What it must keep, as a sentence; empty: only its type.</param>
internal sealed record Setting(string Key, SettingValue? Preset, string Why, string Bounds);
