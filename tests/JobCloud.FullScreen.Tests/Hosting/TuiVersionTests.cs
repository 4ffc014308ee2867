using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Hosting;

namespace JobCloud.FullScreen.Tests.Hosting;

public sealed class TuiVersionTests
{
    [Fact]
    public void The_full_screen_UI_has_the_product_version() =>
        Assert.Equal(
            ProductVersion.Current,
            typeof(TuiProgram).Assembly.GetName().Version?.ToString(fieldCount: 3)
        );
}
