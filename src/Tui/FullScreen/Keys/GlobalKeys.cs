namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys that have the same meaning on every screen.</summary>
internal static class GlobalKeys
{
    public static readonly Act Help = new("? F1", "help", Section.Screens, 90);
    public static readonly Act Palette = new(": ^P", "command", Section.Screens, 80);
    public static readonly Act Back = new("Esc", "clear, back", Section.Screens);
    public static readonly Act Leave = new("q", "back, quit", Section.Screens);
    public static readonly Act Quit = new("^C", "quit", Section.Screens);
    public static readonly Act Jobs = new("1", "jobs", Section.Screens);
    public static readonly Act Nodes = new("2", "nodes", Section.Screens);
    public static readonly Act Pulse = new("3", "pulse", Section.Screens);
    public static readonly Act Events = new("4", "events", Section.Screens);
    public static readonly Act Last = new("-", "previous screen", Section.Screens);
    public static readonly Act Freeze = new("Z", "freeze", Section.View);
    public static readonly Act Header = new("^E", "header on, off", Section.View);
    public static readonly Act Mouse = new("M", "mouse on, off", Section.View);
    public static readonly Act Redraw = new("^R", "redraw", Section.View);

    public static IReadOnlyList<Act> All { get; } =
    [
        Help,
        Palette,
        Back,
        Leave,
        Quit,
        Jobs,
        Nodes,
        Pulse,
        Events,
        Last,
        Freeze,
        Header,
        Mouse,
        Redraw,
    ];
}
