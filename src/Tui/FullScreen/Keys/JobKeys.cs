namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of a job's screen.</summary>
internal static class JobKeys
{
    public static readonly KeyAction NextTab = new("Tab Right", "next tab", Section.View, 72);
    public static readonly KeyAction PreviousTab = new(
        "Shift-Tab Left",
        "previous tab",
        Section.View
    );
    public static readonly KeyAction Earlier = new(",", "earlier", Section.View, 40);
    public static readonly KeyAction Later = new(".", "later", Section.View, 35);
    public static readonly KeyAction Open = new("Enter", "go to job", Section.Actions, 60);
    public static readonly KeyAction Output = new("l", "output", Section.Actions, 75);
    public static readonly KeyAction Files = new("f", "files", Section.Actions, 42);
    public static readonly KeyAction Shell = new("s", "shell", Section.Actions, 65);
    public static readonly KeyAction SubmitCopy = new(
        "e",
        "submit a copy…",
        Section.Actions,
        45,
        true
    );
    public static readonly KeyAction Kill = new("K", "kill…", Section.Actions, 55, true);
    public static readonly KeyAction Retry = new("r", "retry…", Section.Actions, 50, true);
    public static readonly KeyAction Delete = new("Del", "delete…", Section.Actions, 30, true);
    public static readonly KeyAction Copy = new("y", "copy row", Section.Actions, 25);
    public static readonly KeyAction CopyCommand = new("Y", "copy as command", Section.Actions, 20);

    public static IReadOnlyList<KeyAction> All { get; } =
    [
        NextTab,
        PreviousTab,
        Earlier,
        Later,
        Open,
        Output,
        Files,
        Shell,
        SubmitCopy,
        Kill,
        Retry,
        Delete,
        Copy,
        CopyCommand,
    ];
}
