namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys that move a cursor over lines.</summary>
internal static class ListKeys
{
    public static readonly Act Down = new("j Down", "row down", Section.Move);
    public static readonly Act Up = new("k Up", "row up", Section.Move);
    public static readonly Act First = new("g Home", "first", Section.Move);
    public static readonly Act Last = new("G End", "last", Section.Move);
    public static readonly Act PageDown = new("^F PgDn", "page down", Section.Move);
    public static readonly Act PageUp = new("^B PgUp", "page up", Section.Move);
    public static readonly Act HalfDown = new("^D", "half page down", Section.Move);
    public static readonly Act HalfUp = new("^U", "half page up", Section.Move);

    public static IReadOnlyList<Act> All { get; } =
    [Down, Up, First, Last, PageDown, PageUp, HalfDown, HalfUp];
}
