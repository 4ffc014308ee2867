using JobCloud.Tui.FullScreen.Screens.Commands;
using JobCloud.Tui.Headless.Commands;

namespace JobCloud.Tui.Tests.FullScreen;

public sealed class FullScreenCommandsTests
{
    /// <summary>The commands that make no sense inside the UI.</summary>
    private static readonly string[] Without =
    [
        "top",
        "completion",
        "complete",
        "ssh-proxy",
        "run",
        "cancel",
        "rm",
        "tail",
        "wait",
    ];

    [Fact]
    public void The_palette_has_all_commands()
    {
        var missing = CommandCatalog
            .Names.Except(PaletteCommands.All.Select(command => command.Name))
            .Except(Without);
        Assert.Empty(missing);
    }
}
