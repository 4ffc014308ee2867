namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys that have the same meaning on every screen.</summary>
internal static class GlobalKeys
{
    public static readonly KeyAction Help = new("? F1", "help", Section.Screens, 90);
    public static readonly KeyAction Palette = new(": ^P", "command", Section.Screens, 80);
    public static readonly KeyAction Back = new("Esc", "clear, back", Section.Screens);
    public static readonly KeyAction BackOrQuit = new("q", "back, quit", Section.Screens);
    public static readonly KeyAction Quit = new("^C", "quit", Section.Screens);
    public static readonly KeyAction Suspend = new("^Z", "suspend", Section.Screens);
    public static readonly KeyAction StartNode = new("R", "start the node", Section.Screens);
    public static readonly KeyAction Jobs = new("1", "jobs", Section.Screens);
    public static readonly KeyAction Nodes = new("2", "nodes", Section.Screens);
    public static readonly KeyAction Pulse = new("3", "pulse", Section.Screens);
    public static readonly KeyAction Events = new("4", "events", Section.Screens);
    public static readonly KeyAction Forecast = new("5", "forecast", Section.Screens);
    public static readonly KeyAction PreviousScreen = new("-", "previous screen", Section.Screens);
    public static readonly KeyAction Earlier = new("[", "a minute earlier", Section.View);
    public static readonly KeyAction Later = new("]", "a minute later", Section.View);
    public static readonly KeyAction MuchEarlier = new("{", "an hour earlier", Section.View);
    public static readonly KeyAction MuchLater = new("}", "an hour later", Section.View);
    public static readonly KeyAction Freeze = new("Z", "freeze", Section.View);
    public static readonly KeyAction Header = new("^E", "header on, off", Section.View);
    public static readonly KeyAction Mouse = new("M", "mouse on, off", Section.View);
    public static readonly KeyAction Redraw = new("^R", "redraw", Section.View);

    public static IReadOnlyList<KeyAction> All { get; } =
    [
        Help,
        Palette,
        Back,
        BackOrQuit,
        Quit,
        Suspend,
        StartNode,
        Jobs,
        Nodes,
        Pulse,
        Events,
        Forecast,
        PreviousScreen,
        Earlier,
        Later,
        MuchEarlier,
        MuchLater,
        Freeze,
        Header,
        Mouse,
        Redraw,
    ];
}
