using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.FullScreen.Tests.Screens.Pulse;

public sealed class PulseScreenTests
{
    private const long Minute = 60_000_000;

    [Fact]
    public void The_screen_shows_at_once_what_happened_before_it_opened()
    {
        var stage = Stage().Press("3");
        Assert.Contains("last 1 h", stage.Text);
        Assert.Contains("peak 31 /min", stage.Text);
        var asked = Asked(stage);
        Assert.Equal((Minute, 60), (asked.SpanUs, asked.Spans));
        Assert.Equal(0, asked.From % Minute);
        Assert.InRange(asked.From + 60 * Minute - Samples.Now, 0, Minute);
    }

    [Theory]
    [InlineData("3 <", "last 1 day", 15, 96)]
    [InlineData("3 < <", "last 1 week", 120, 84)]
    [InlineData("3 < < < >", "last 1 day", 15, 96)]
    public void A_key_changes_the_period(string keys, string shown, int minutes, int spans)
    {
        var stage = Stage().Press(keys);
        Assert.Contains(shown, stage.Text);
        Assert.Equal((minutes * Minute, spans), (Asked(stage).SpanUs, Asked(stage).Spans));
    }

    [Fact]
    public void The_screen_asks_again_only_while_it_is_shown()
    {
        var stage = Stage().Press("3");
        _ = stage.Text;
        stage.Advance(TimeSpan.FromSeconds(11));
        _ = stage.Text;
        Assert.Equal(2, stage.Cloud.Requests.OfType<ActivityRequest>().Count());
        stage.Press("3 > > > 2").Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, stage.Cloud.Requests.OfType<ActivityRequest>().Count());
    }

    [Fact]
    public void The_screen_names_what_is_missing()
    {
        var stage = Stage();
        Assert.Contains("nothing is scripted", new UiHarness().Press("3").Text);
        stage.Cloud.Answer = _ => new ActivityReply { Unread = 7 };
        Assert.Contains("without 7 jobs of maps", stage.Press("3").Text);
    }

    [Fact]
    public void The_chosen_bar_shows_its_time_and_number()
    {
        var stage = Stage().Press("3");
        _ = stage.Text;
        // A bar has two of the sixty minutes here.
        Assert.Contains("14:26–14:28", stage.Press("Left").Text);
        Assert.Contains("14:24–14:26", stage.Press("Left").Text);
        stage.Press("Esc");
        Assert.Contains("-1h", stage.Text);
    }

    [Fact]
    public void A_click_chooses_the_bar_below_it()
    {
        var stage = Stage().Press("3");
        _ = stage.Text;
        stage.Window.Point(43, 6, MouseAction.Click);
        Assert.Contains("14:26–14:28", stage.Text);
    }

    [Fact]
    public void The_time_of_a_bar_has_an_ascii_form()
    {
        var stage = Stage().Press("3");
        _ = stage.Text;
        var text = stage.Press("Left").Text.ReplaceLineEndings("");
        Assert.All(text, c => Assert.InRange(Glyphs.Ascii(c.ToString())[0], ' ', '~'));
    }

    private static UiHarness Stage()
    {
        var stage = new UiHarness().Receive(Samples.Full());
        stage.Cloud.Answer = Samples.Answer;
        return stage;
    }

    private static ActivityRequest Asked(UiHarness stage) =>
        stage.Cloud.Requests.OfType<ActivityRequest>().Last();
}
