namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the submission form; all others are typed into its fields.</summary>
internal static class SubmitKeys
{
    public static readonly KeyAction Next = new("Tab Down", "next field", Section.Move, 40);
    public static readonly KeyAction Previous = new("Shift-Tab Up", "previous field", Section.Move);
    public static readonly KeyAction Submit = new(
        "Enter",
        "submit",
        Section.Actions,
        90,
        Changes: true
    );
    public static readonly KeyAction Follow = new(
        "^O F2",
        "submit, show output",
        Section.Actions,
        85,
        true
    );
    public static readonly KeyAction Choose = new("^T F4", "choose…", Section.Actions, 70);
    public static readonly KeyAction Copy = new("^Y", "copy as command", Section.Actions, 60);
    public static readonly KeyAction Clear = new("^L", "clear the form", Section.Actions, 30);

    public static IReadOnlyList<KeyAction> All { get; } =
    [Next, Previous, Choose, Submit, Follow, Copy, Clear];
}
