namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the event list.</summary>
internal static class EventsKeys
{
    public static readonly KeyAction Open = new("Enter", "open job", Section.Actions, 85);
    public static readonly KeyAction Filter = new("/", "filter", Section.Find, 70);
    public static readonly KeyAction OnlyProblems = new(
        "!",
        "warnings, errors only",
        Section.Find,
        60
    );

    public static IReadOnlyList<KeyAction> All { get; } = [Open, Filter, OnlyProblems];
}
