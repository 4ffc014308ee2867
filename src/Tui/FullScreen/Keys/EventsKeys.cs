namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the event list.</summary>
internal static class EventsKeys
{
    public static readonly Act Open = new("Enter", "open job", Section.Actions, 85);
    public static readonly Act Filter = new("/", "filter", Section.Find, 70);
    public static readonly Act OnlyBad = new("!", "warnings, errors only", Section.Find, 60);

    public static IReadOnlyList<Act> All { get; } = [Open, Filter, OnlyBad];
}
