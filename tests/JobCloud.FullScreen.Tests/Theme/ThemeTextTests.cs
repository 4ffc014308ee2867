using JobCloud.Tui.FullScreen.Theme;
using JobCloud.Tui.FullScreen.Widgets;
using Terminal.Gui.Drawing;

namespace JobCloud.FullScreen.Tests.Theme;

public sealed class ThemeTextTests
{
    [Fact]
    public void A_theme_changes_colours_of_its_base()
    {
        var theme = ThemeText
            .Read("mine", """{"base": "light", "inks": {"error": "#010203"}}""")
            .Value!;
        Assert.Equal("mine", theme.Name);
        Assert.Equal(new Color(1, 2, 3), theme.Of(Ink.Error).Foreground);
        Assert.Equal(Palettes.Light.Of(Ink.Done), theme.Of(Ink.Done));
        Assert.True(theme.IsLight);
        Assert.NotEqual(new Color(1, 2, 3), Palettes.Light.Of(Ink.Error).Foreground);
    }

    [Theory]
    [InlineData("""{"base": "blue"}""", "neither dark nor light")]
    [InlineData("""{"inks": {"erorr": "#010203"}}""", "'erorr'")]
    [InlineData("""{"grounds": {"cursor": "red"}}""", "#7cc4ff")]
    [InlineData("{", "")]
    public void An_invalid_theme_is_rejected_with_a_message(string text, string message) =>
        Assert.Contains(message, ThemeText.Read("mine", text).Error!.Message);
}
