using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>What the command line and the environment say.</summary>
/// <param name="ReadOnly">Nothing that changes anything is sent.</param>
/// <param name="Theme">Name of the theme; null: the default.</param>
/// <param name="Ascii">No glyphs but ASCII.</param>
/// <param name="Driver">Of Terminal.Gui.</param>
/// <param name="Programs">The folder of JobCloud's programs.</param>
public sealed record Options(
    CloudPlace Place,
    bool ReadOnly,
    string? Theme,
    ColorMode Color,
    bool Ascii,
    string Driver,
    string Programs
);

/// <summary>How many colours are used.</summary>
public enum ColorMode
{
    /// <summary>What the terminal says it can.</summary>
    Auto,

    /// <summary>The sixteen that a terminal's own palette gives.</summary>
    Sixteen,

    /// <summary>24 bits.</summary>
    True,

    /// <summary>None, as with NO_COLOR.</summary>
    None,
}
