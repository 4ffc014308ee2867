namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of a job's own screen.</summary>
internal static class JobKeys
{
    public static readonly Act NextTab = new("Tab ] Right", "next tab", Section.View, 72);
    public static readonly Act LastTab = new("Shift-Tab [ Left", "tab before", Section.View);
    public static readonly Act Earlier = new(",", "earlier", Section.View, 40);
    public static readonly Act Later = new(".", "later", Section.View, 35);
    public static readonly Act Open = new("Enter", "go to job", Section.Act, 60);
    public static readonly Act Output = new("l", "output", Section.Act, 75);
    public static readonly Act Shell = new("s", "shell", Section.Act, 65);
    public static readonly Act Again = new("e", "submit one like it…", Section.Act, 45, true);
    public static readonly Act Kill = new("K", "kill…", Section.Act, 55, true);
    public static readonly Act Retry = new("r", "retry…", Section.Act, 50, true);
    public static readonly Act Delete = new("Del", "delete…", Section.Act, 30, true);
    public static readonly Act Copy = new("y", "copy row", Section.Act, 25);
    public static readonly Act CopyCommand = new("Y", "copy as command", Section.Act, 20);

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
