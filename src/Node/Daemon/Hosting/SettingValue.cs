namespace JobCloud.Node.Daemon.Hosting;

/// <summary>A setting as it was written, and the layer it came from.</summary>
/// <param name="Items">The elements, when it was written as a list.</param>
public sealed record SettingValue(string Text, string Origin, IReadOnlyList<string>? Items = null);
