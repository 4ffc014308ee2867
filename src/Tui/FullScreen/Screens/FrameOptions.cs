using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>How the user wants it.</summary>
/// <param name="Me">Who the user is to the cloud.</param>
/// <param name="ReadOnly">No request that changes anything is sent.</param>
/// <param name="Ascii">The terminal has no glyphs but ASCII.</param>
internal sealed record FrameOptions(
    string Me,
    Palette Palette,
    bool ReadOnly = false,
    bool Ascii = false,
    bool Mouse = true
)
{
    /// <summary>What was chosen the last time.</summary>
    public Choices Choices { get; init; } = new();

    /// <summary>The themes that there are; of two with one name the last counts.</summary>
    public IReadOnlyList<Palette> Themes { get; init; } = Palettes.All;

    /// <summary>The offset of the user's clock from UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;
}
