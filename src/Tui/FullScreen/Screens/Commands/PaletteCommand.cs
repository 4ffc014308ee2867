namespace JobCloud.Tui.FullScreen.Screens.Commands;

/// <summary>A command of the palette.</summary>
/// <param name="Usage">Its argument, such as <c>JIDS</c>; empty: none. In brackets:
/// optional.</param>
/// <param name="Candidates">Completions of its argument.</param>
internal sealed record PaletteCommand(
    string Name,
    string Usage,
    string Summary,
    Action<MainWindow, string> Run,
    Func<MainWindow, IEnumerable<string>>? Candidates = null,
    bool Changes = false
)
{
    public bool NeedsArgument => Usage.Length > 0 && Usage[0] != '[';
}
