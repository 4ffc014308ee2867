using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>What the command line and the environment say.</summary>
/// <param name="Server">As given by <c>--server</c>, for programs that are run from here; null: not given.</param>
/// <param name="ReadOnly">Nothing that changes anything is sent.</param>
/// <param name="Driver">Of Terminal.Gui.</param>
internal sealed record Options(
    CloudPlace Place,
    string? Server,
    bool ReadOnly,
    Palette Palette,
    bool Ascii,
    bool Mouse,
    string Driver,
    UserChoices User
);
