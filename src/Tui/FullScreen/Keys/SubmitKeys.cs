namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Keys of the form for a new job; all others are typed into its fields.</summary>
internal static class SubmitKeys
{
    public static readonly Act Next = new("Tab Down", "next field", Section.Move, 40);
    public static readonly Act Before = new("Shift-Tab Up", "field before", Section.Move);
    public static readonly Act Submit = new("Enter", "submit", Section.Act, 90, Changes: true);
    public static readonly Act Follow = new("^O F2", "submit, show output", Section.Act, 85, true);
    public static readonly Act Copy = new("^Y", "copy as command", Section.Act, 60);
    public static readonly Act Empty = new("^L", "empty the form", Section.Act, 30);

    public static IReadOnlyList<Act> All { get; } = [Next, Before, Submit, Follow, Copy, Empty];
}
