namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the files of a job.</summary>
internal static class FilesKeys
{
    public static readonly KeyAction Open = new("Enter", "open or save…", Section.Actions, 85);
    public static readonly KeyAction Up = new(
        "Backspace Left",
        "directory above",
        Section.Move,
        60
    );
    public static readonly KeyAction FetchAll = new("w ^S", "fetch all…", Section.Actions, 55);
    public static readonly KeyAction Copy = new("y", "copy path", Section.Actions, 30);
    public static readonly KeyAction Reload = new("r", "read again", Section.View, 40);

    public static IReadOnlyList<KeyAction> All { get; } = [Open, Up, FetchAll, Copy, Reload];
}
