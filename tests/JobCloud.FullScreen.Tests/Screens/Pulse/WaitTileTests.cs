using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens.Pulse;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.FullScreen.Tests.Screens.Pulse;

public sealed class WaitTileTests
{
    /// <summary>Of the tile on a terminal of 120 columns, the narrowest where it stands beside
    /// others.</summary>
    private const int Narrow = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(9_999)]
    public void Every_reason_is_told_whole(long jobs)
    {
        var grid = new Grid();
        WaitTile.Paint(
            grid.Begin(Narrow, 10),
            [.. Enum.GetValues<WaitReason>().Select(reason => new WaitCount(reason, jobs))]
        );
        Assert.DoesNotContain("…", grid.Print());
    }
}
