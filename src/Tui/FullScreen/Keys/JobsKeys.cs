namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of a job list.</summary>
internal static class JobsKeys
{
    public static readonly Act Open = new("Enter", "open", Section.Actions, 85);
    public static readonly Act Elements = new("o", "jobs of map", Section.Actions, 68);
    public static readonly Act Output = new("l", "output", Section.Actions, 75);
    public static readonly Act Shell = new("s", "shell", Section.Actions, 65);
    public static readonly Act Submit = new("c", "submit…", Section.Actions, 40, Changes: true);
    public static readonly Act Again = new("e", "submit a copy…", Section.Actions, Changes: true);
    public static readonly Act Kill = new("K", "kill…", Section.Actions, 60, Changes: true);
    public static readonly Act Delete = new("Del", "delete…", Section.Actions, 30, Changes: true);
    public static readonly Act Retry = new("r", "retry…", Section.Actions, 50, Changes: true);
    public static readonly Act Prioritize = new("P", "priority…", Section.Actions, Changes: true);
    public static readonly Act CopyId = new("y", "copy jids", Section.Actions);
    public static readonly Act CopyRow = new("Y", "copy commands", Section.Actions);
    public static readonly Act Save = new("w ^S", "save table…", Section.Actions);

    public static readonly Act Mark = new("Space", "mark", Section.Find, 45);
    public static readonly Act MarkRange = new("v", "mark up to here", Section.Find);
    public static readonly Act MarkAll = new("A", "mark all shown", Section.Find);
    public static readonly Act Invert = new("*", "invert marks", Section.Find);
    public static readonly Act Unmark = new("U", "unmark all", Section.Find);
    public static readonly Act Filter = new("/", "filter", Section.Find, 70);
    public static readonly Act OnlyFailed = new("!", "failed only", Section.Find);
    public static readonly Act OnlyMine = new("@", "mine only", Section.Find);

    public static readonly Act SortRight = new(">", "sort by next", Section.View);
    public static readonly Act SortLeft = new("<", "sort by previous", Section.View);
    public static readonly Act Reverse = new("I", "reverse", Section.View);
    public static readonly Act Columns = new("C", "columns…", Section.View);
    public static readonly Act Preview = new("p", "preview", Section.View, 20);

    public static IReadOnlyList<Act> All { get; } =
    [
        Open,
        Elements,
        Output,
        Shell,
        Submit,
        Again,
        Kill,
        Delete,
        Retry,
        Prioritize,
        CopyId,
        CopyRow,
        Save,
        Mark,
        MarkRange,
        MarkAll,
        Invert,
        Unmark,
    ];

    /// <summary>Keys of the job table only.</summary>
    public static IReadOnlyList<Act> OfTable { get; } =
    [Filter, OnlyFailed, OnlyMine, SortRight, SortLeft, Reverse, Columns, Preview];
}
