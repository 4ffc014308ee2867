namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>The section of the help that lists an action.</summary>
internal enum Section
{
    Move,
    Actions,
    Find,
    View,
    Screens,
}

/// <summary>An action bound to keys.</summary>
/// <param name="Keys">Names of keys, separated by spaces; the footer shows the first.</param>
/// <param name="Label">The label in the help and the footer.</param>
/// <param name="Footer">The weight in the footer, which keeps the largest; 0: not shown
/// there.</param>
/// <param name="Changes">Whether it changes something in the cloud; disabled when
/// read-only.</param>
internal sealed record KeyAction(
    string Keys,
    string Label,
    Section Section,
    int Footer = 0,
    bool Changes = false
)
{
    public IReadOnlyList<string> Names { get; } = Keys.Split(' ');
}

/// <summary>A key press.</summary>
/// <param name="Name">As in <see cref="KeyAction.Keys"/>: <c>k</c>, <c>K</c>, <c>^F</c>,
/// <c>PgDn</c>.</param>
/// <param name="Text">The text that it types; empty: none.</param>
internal readonly record struct KeyPress(string Name, string Text = "")
{
    /// <summary>The key press for a name: a single character types itself, a special key types
    /// nothing.</summary>
    public static KeyPress Of(string name) =>
        name == "Space" ? new(name, " ") : new(name, name.Length == 1 ? name : "");
}
