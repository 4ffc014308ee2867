using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens;

namespace JobCloud.FullScreen.Tests.Screens;

public sealed class PasteTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a b", "a b")]
    [InlineData("one\ntwo\r\nthree\tfour\n", "one two three four")]
    [InlineData("\u001b[31mred\u0007", "[31mred")]
    [InlineData("é😀", "é😀")]
    public void Pasted_text_becomes_one_line(string pasted, string line) =>
        Assert.Equal(line, PastedText.OneLine(pasted));

    [Theory]
    [InlineData("/", "jobs /")]
    [InlineData(":", "palette")]
    [InlineData("c", "form")]
    [InlineData("4 /", "events")]
    public void A_paste_goes_into_the_focused_field(string keys, string field)
    {
        var stage = new UiHarness().Receive(Samples.Full()).Press(keys);

        stage.Window.Paste("two\nlines");

        Assert.True(stage.Text.Contains("two lines"), $"{field}: {stage.Text}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("2")]
    public void A_paste_outside_a_field_has_no_effect_and_the_UI_says_why(string keys)
    {
        var stage = new UiHarness().Receive(Samples.Full()).Press(keys);
        var crumb = stage.Window.Top.Crumb;

        stage.Window.Paste("qqq\nK\n");

        Assert.Equal(crumb, stage.Window.Top.Crumb);
        Assert.DoesNotContain(new Effect.Quit(), stage.Window.Effects);
        Assert.Contains("Open a text field first", stage.Text);
    }

    [Fact]
    public void A_long_paste_is_cut_at_the_limit_of_the_field()
    {
        var full = LineEditor.Of(new string('a', LineEditor.MaxLength - 2)).Insert("b😀c");

        Assert.Equal(LineEditor.MaxLength - 1, full.Text.Length);
        Assert.EndsWith("ab", full.Text);
    }
}
