namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the node list.</summary>
internal static class NodesKeys
{
    public static readonly KeyAction Jobs = new("Enter", "show jobs", Section.Actions, 85);
    public static readonly KeyAction Drain = new("D", "drain…", Section.Actions, 60, Changes: true);
    public static readonly KeyAction Undrain = new(
        "U",
        "undrain…",
        Section.Actions,
        55,
        Changes: true
    );
    public static readonly KeyAction Copy = new("y", "copy address", Section.Actions);

    public static IReadOnlyList<KeyAction> All { get; } = [Jobs, Drain, Undrain, Copy];
}
