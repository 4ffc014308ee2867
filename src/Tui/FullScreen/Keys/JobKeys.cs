namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of a job's screen.</summary>
internal static class JobKeys
{
    public static readonly Act NextTab = new("Tab ] Right", "next tab", Section.View, 72);
    public static readonly Act LastTab = new("Shift-Tab [ Left", "previous tab", Section.View);
    public static readonly Act Earlier = new(",", "earlier", Section.View, 40);
    public static readonly Act Later = new(".", "later", Section.View, 35);
    public static readonly Act Open = new("Enter", "go to job", Section.Actions, 60);
    public static readonly Act Output = new("l", "output", Section.Actions, 75);
    public static readonly Act Shell = new("s", "shell", Section.Actions, 65);
    public static readonly Act Again = new("e", "submit a copy…", Section.Actions, 45, true);
    public static readonly Act Kill = new("K", "kill…", Section.Actions, 55, true);
    public static readonly Act Retry = new("r", "retry…", Section.Actions, 50, true);
    public static readonly Act Delete = new("Del", "delete…", Section.Actions, 30, true);
    public static readonly Act Copy = new("y", "copy row", Section.Actions, 25);
    public static readonly Act CopyCommand = new("Y", "copy as command", Section.Actions, 20);

    public static IReadOnlyList<Act> All { get; } =
    [
        NextTab,
        LastTab,
        Earlier,
        Later,
        Open,
        Output,
        Shell,
        Again,
        Kill,
        Retry,
        Delete,
        Copy,
        CopyCommand,
    ];
}
