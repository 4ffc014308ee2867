using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The options of the main window.</summary>
/// <param name="Me">The user name in the cloud.</param>
/// <param name="ReadOnly">All changes are disabled.</param>
/// <param name="Ascii">Only ASCII characters are shown.</param>
internal sealed record MainWindowOptions(
    string Me,
    Palette Palette,
    bool ReadOnly = false,
    bool Ascii = false,
    bool Mouse = true
)
{
    /// <summary>The user's saved preferences.</summary>
    public Preferences Preferences { get; init; } = new();

    /// <summary>The available themes; of two with the same name, the last one is used.</summary>
    public IReadOnlyList<Palette> Themes { get; init; } = Palettes.All;

    /// <summary>Whether its node is on this machine, so that jobs run in this directory.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The time zone of the times shown.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;
}
