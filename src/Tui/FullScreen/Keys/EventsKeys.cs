namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the history.</summary>
internal static class EventsKeys
{
    public static readonly Act Open = new("Enter", "open its job", Section.Act, 85);
    public static readonly Act Filter = new("/", "filter", Section.Find, 70);
    public static readonly Act OnlyBad = new("!", "troubles alone", Section.Find, 60);

    public static IReadOnlyList<Act> All { get; } = [Open, Filter, OnlyBad];
}
