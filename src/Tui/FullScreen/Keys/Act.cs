namespace JobCloud.Tui.FullScreen.Keys;

/// <summary>Where the help lists an act.</summary>
internal enum Section
{
    Move,
    Act,
    Find,
    View,
    Screens,
}

/// <summary>Something that keys do.</summary>
/// <param name="Keys">Names of keys, separated by blanks; the first one is shown in the
/// footer.</param>
/// <param name="Word">In the help and the footer.</param>
/// <param name="Footer">The footer shows the largest first; 0: not at all.</param>
/// <param name="Changes">It changes something in the cloud: not to be had read-only.</param>
internal sealed record Act(
    string Keys,
    string Word,
    Section Section,
    int Footer = 0,
    bool Changes = false
)
{
    public IReadOnlyList<string> Names { get; } = Keys.Split(' ');
}

/// <summary>A key as it was pressed.</summary>
/// <param name="Name">As in <see cref="Act.Keys"/>: <c>k</c>, <c>K</c>, <c>^F</c>,
/// <c>PgDn</c>.</param>
/// <param name="Text">What it types; empty: nothing.</param>
internal readonly record struct KeyPress(string Name, string Text = "")
{
    /// <summary>A key that types itself, or one that types nothing, by its name.</summary>
    public static KeyPress Of(string name) =>
        name == "Space" ? new(name, " ") : new(name, name.Length == 1 ? name : "");
}
