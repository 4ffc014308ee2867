namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the screen of a map.</summary>
internal static class MapKeys
{
    public static readonly KeyAction Left = new("Left", "previous element", Section.Move);
    public static readonly KeyAction Right = new("Right", "next element", Section.Move);
    public static readonly KeyAction Focus = new("Tab", "heat-map or list", Section.View, 62);
    public static readonly KeyAction Measure = new("m", "colours show…", Section.View, 58);
    public static readonly KeyAction Zoom = new("z", "heat-map only", Section.View, 35);
    public static readonly KeyAction RetryFailed = new(
        "F",
        "retry the failed…",
        Section.Actions,
        66,
        Changes: true
    );

    public static IReadOnlyList<KeyAction> All { get; } =
    [Left, Right, Focus, Measure, Zoom, RetryFailed];
}
