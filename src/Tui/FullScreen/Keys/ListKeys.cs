namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys that move a cursor over lines.</summary>
internal static class ListKeys
{
    public static readonly KeyAction Down = new("j Down", "row down", Section.Move);
    public static readonly KeyAction Up = new("k Up", "row up", Section.Move);
    public static readonly KeyAction First = new("g Home", "first", Section.Move);
    public static readonly KeyAction Last = new("G End", "last", Section.Move);
    public static readonly KeyAction PageDown = new("^F PgDn", "page down", Section.Move);
    public static readonly KeyAction PageUp = new("^B PgUp", "page up", Section.Move);
    public static readonly KeyAction HalfDown = new("^D", "half page down", Section.Move);
    public static readonly KeyAction HalfUp = new("^U", "half page up", Section.Move);

    public static IReadOnlyList<KeyAction> All { get; } =
    [Down, Up, First, Last, PageDown, PageUp, HalfDown, HalfUp];
}
