using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>What the command line and the environment say.</summary>
/// <param name="Given">Variables that stand for options given here: what is run from here is to
/// reach the same cloud.</param>
/// <param name="ReadOnly">Nothing that changes anything is sent.</param>
/// <param name="Driver">Of Terminal.Gui.</param>
internal sealed record Options(
    CloudPlace Place,
    IReadOnlyDictionary<string, string> Given,
    bool ReadOnly,
    Palette Palette,
    bool Ascii,
    bool Mouse,
    string Driver,
    UserChoices User
);
