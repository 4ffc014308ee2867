namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the output screen.</summary>
internal static class OutputKeys
{
    public static readonly Act Left = new("h Left", "left", Section.Move);
    public static readonly Act Right = new("l Right", "right", Section.Move);
    public static readonly Act Follow = new("f", "follow", Section.View, 75);
    public static readonly Act Wrap = new("w", "wrap", Section.View, 50);
    public static readonly Act NextStream = new("o Tab", "next stream", Section.View, 70);
    public static readonly Act LastStream = new("O Shift-Tab", "previous stream", Section.View);
    public static readonly Act Attempt = new("P", "previous attempt", Section.View, 30);
    public static readonly Act Search = new("/", "search", Section.Find, 72);
    public static readonly Act NextMatch = new("n", "next match", Section.Find, 60);
    public static readonly Act LastMatch = new("N", "previous match", Section.Find);
    public static readonly Act OnlyMatches = new("&", "matches only", Section.Find, 45);
    public static readonly Act Select = new("v", "select lines", Section.Actions, 42);
    public static readonly Act Copy = new("y", "copy lines", Section.Actions, 40);
    public static readonly Act Save = new("^S", "save to a file…", Section.Actions, 35);

    public static IReadOnlyList<Act> All { get; } =
    [
        Left,
        Right,
        Follow,
        Wrap,
        NextStream,
        LastStream,
        Attempt,
        Search,
        NextMatch,
        LastMatch,
        OnlyMatches,
        Select,
        Copy,
        Save,
    ];
}
