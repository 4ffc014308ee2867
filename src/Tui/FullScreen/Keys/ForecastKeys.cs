namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the forecast.</summary>
internal static class ForecastKeys
{
    public static readonly KeyAction Wider = new("<", "longer period", Section.View, 60);
    public static readonly KeyAction Narrower = new(">", "shorter period", Section.View, 55);
    public static readonly KeyAction Earlier = new("Left", "earlier jobs", Section.Move);
    public static readonly KeyAction Later = new("Right", "later jobs", Section.Move, 50);
    public static readonly KeyAction Open = new("Enter", "open", Section.Actions, 70);

    public static IReadOnlyList<KeyAction> All { get; } = [Wider, Narrower, Earlier, Later, Open];
}
