namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the output screen.</summary>
internal static class OutputKeys
{
    public static readonly KeyAction Left = new("h Left", "left", Section.Move);
    public static readonly KeyAction Right = new("l Right", "right", Section.Move);
    public static readonly KeyAction Follow = new("f", "follow", Section.View, 75);
    public static readonly KeyAction Wrap = new("w", "wrap", Section.View, 50);
    public static readonly KeyAction NextStream = new("o Tab", "next stream", Section.View, 70);
    public static readonly KeyAction PreviousStream = new(
        "O Shift-Tab",
        "previous stream",
        Section.View
    );
    public static readonly KeyAction PreviousAttempt = new(
        "P",
        "previous attempt",
        Section.View,
        30
    );
    public static readonly KeyAction Search = new("/", "search", Section.Find, 72);
    public static readonly KeyAction SearchRegex = new(
        "~",
        "search by regular expression",
        Section.Find
    );
    public static readonly KeyAction NextMatch = new("n", "next match", Section.Find, 60);
    public static readonly KeyAction PreviousMatch = new("N", "previous match", Section.Find);
    public static readonly KeyAction OnlyMatches = new("&", "matches only", Section.Find, 45);
    public static readonly KeyAction Select = new("v", "select lines", Section.Actions, 42);
    public static readonly KeyAction Copy = new("y", "copy lines", Section.Actions, 40);
    public static readonly KeyAction Save = new("^S", "save to a file…", Section.Actions, 35);

    public static IReadOnlyList<KeyAction> All { get; } =
    [
        Left,
        Right,
        Follow,
        Wrap,
        NextStream,
        PreviousStream,
        PreviousAttempt,
        Search,
        SearchRegex,
        NextMatch,
        PreviousMatch,
        OnlyMatches,
        Select,
        Copy,
        Save,
    ];
}
