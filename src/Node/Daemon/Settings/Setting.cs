namespace JobCloud.Node.Daemon.Settings;

/// <summary>A setting as written, and the layer it came from.</summary>
/// <param name="Items">The elements, if it was written as a list.</param>
internal sealed record SettingValue(
    string Text,
    string Origin,
    IReadOnlyList<string>? Items = null
);

/// <summary>The declaration of a setting, made where it is read.</summary>
/// <param name="Default">The default; null: this is a section of settings.</param>
/// <param name="Description">Its description, in a sentence or two.</param>
/// <param name="Bounds">The bounds of its value, as a sentence; empty: only its type.</param>
internal sealed record Setting(
    string Key,
    SettingValue? Default,
    string Description,
    string Bounds
);
