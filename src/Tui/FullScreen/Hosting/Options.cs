using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The options from the command line and the environment.</summary>
/// <param name="Given">Environment variables for the options given on the command line, so that
/// child processes reach the same cloud.</param>
/// <param name="ReadOnly">All changes are disabled.</param>
/// <param name="FollowsGround">The user has chosen no theme: it follows the terminal's
/// background.</param>
/// <param name="Driver">The Terminal.Gui driver.</param>
internal sealed record Options(
    ConnectionOptions Connection,
    IReadOnlyDictionary<string, string> Given,
    bool ReadOnly,
    Palette Palette,
    ColorDepth Depth,
    bool FollowsGround,
    bool Ascii,
    bool Mouse,
    string Driver,
    UserConfig User
);
