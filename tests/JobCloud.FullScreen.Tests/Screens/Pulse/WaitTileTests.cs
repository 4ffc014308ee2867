using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens.Pulse;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.FullScreen.Tests.Screens.Pulse;

public sealed class WaitTileTests
{
    /// <summary>The width of the tile on a terminal of 120 columns, the narrowest on which tiles
    /// stand side by side.</summary>
    private const int Narrow = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(9_999)]
    public void Every_reason_fits_into_the_tile(long jobs)
    {
        var grid = new Grid();
        WaitTile.Paint(
            grid.Begin(Narrow, 10),
            [.. Enum.GetValues<WaitReason>().Select(reason => new WaitCount(reason, jobs))]
        );
        Assert.DoesNotContain("…", grid.Print());
    }
}
