namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the list of nodes.</summary>
internal static class NodesKeys
{
    public static readonly Act Jobs = new("Enter", "its jobs", Section.Act, 85);
    public static readonly Act Drain = new("D", "drain…", Section.Act, 60, Changes: true);
    public static readonly Act Undrain = new("U", "undrain…", Section.Act, 55, Changes: true);
    public static readonly Act Copy = new("y", "copy address", Section.Act);

    public static IReadOnlyList<Act> All { get; } = [Jobs, Drain, Undrain, Copy];
}
