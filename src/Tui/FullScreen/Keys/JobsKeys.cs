namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of a job list.</summary>
internal static class JobsKeys
{
    public static readonly KeyAction Open = new("Enter", "open", Section.Actions, 85);
    public static readonly KeyAction Output = new("l", "output", Section.Actions, 75);
    public static readonly KeyAction Files = new("f", "files", Section.Actions);
    public static readonly KeyAction Shell = new("s", "shell", Section.Actions, 65);
    public static readonly KeyAction Submit = new(
        "c",
        "submit…",
        Section.Actions,
        40,
        Changes: true
    );
    public static readonly KeyAction SubmitCopy = new(
        "e",
        "submit a copy…",
        Section.Actions,
        Changes: true
    );
    public static readonly KeyAction Kill = new("K", "kill…", Section.Actions, 60, Changes: true);
    public static readonly KeyAction Delete = new(
        "Del",
        "delete…",
        Section.Actions,
        30,
        Changes: true
    );
    public static readonly KeyAction Retry = new("r", "retry…", Section.Actions, 50, Changes: true);
    public static readonly KeyAction Prioritize = new(
        "P",
        "priority…",
        Section.Actions,
        Changes: true
    );
    public static readonly KeyAction CopyId = new("y", "copy jids", Section.Actions);
    public static readonly KeyAction CopyRow = new("Y", "copy commands", Section.Actions);
    public static readonly KeyAction Save = new("w ^S", "save table…", Section.Actions);

    public static readonly KeyAction Mark = new("Space", "mark", Section.Find, 45);
    public static readonly KeyAction MarkRange = new("v", "mark up to here", Section.Find);
    public static readonly KeyAction MarkAll = new("A", "mark all shown", Section.Find);
    public static readonly KeyAction Invert = new("*", "invert marks", Section.Find);
    public static readonly KeyAction Unmark = new("U", "unmark all", Section.Find);
    public static readonly KeyAction Filter = new("/", "filter", Section.Find, 70);
    public static readonly KeyAction OnlyFailed = new("!", "failed only", Section.Find);
    public static readonly KeyAction OnlyMine = new("@", "mine only", Section.Find);

    public static readonly KeyAction SortRight = new(">", "sort by next", Section.View);
    public static readonly KeyAction SortLeft = new("<", "sort by previous", Section.View);
    public static readonly KeyAction Reverse = new("I", "reverse", Section.View);
    public static readonly KeyAction Columns = new("C", "columns…", Section.View);
    public static readonly KeyAction Preview = new("p", "preview", Section.View, 20);

    public static IReadOnlyList<KeyAction> All { get; } =
    [
        Open,
        Output,
        Files,
        Shell,
        Submit,
        SubmitCopy,
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

    /// <summary>Keys of a list with a filter and an order.</summary>
    public static IReadOnlyList<KeyAction> OfList { get; } =
    [Filter, OnlyFailed, SortRight, SortLeft, Reverse];

    /// <summary>Keys of the job table only.</summary>
    public static IReadOnlyList<KeyAction> OfTable { get; } = [OnlyMine, Columns, Preview];
}
