using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.FullScreen.Tests.Screens.Forecasts;

public sealed class ForecastScreenTests
{
    public static TheoryData<string, string, int, int> Pictures() =>
        new()
        {
            { "forecast", "5", 140, 40 },
            { "forecast", "5", 80, 24 },
            { "forecast", "5", 60, 14 },
            { "forecast-zoomed", "5 > > Down Down", 80, 24 },
            { "empty", "5", 80, 24 },
            { "unknown", "5", 80, 24 },
            { "no-nodes", "5", 80, 24 },
        };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_forecast_matches_its_golden_file(
        string name,
        string keys,
        int width,
        int height
    )
    {
        var reply = name switch
        {
            "empty" => ForecastSamples.Empty(),
            "unknown" => ForecastSamples.Unknown(),
            "no-nodes" => ForecastSamples.WithoutNodes(),
            _ => ForecastSamples.Full(),
        };
        Golden.Verify($"{name}-{width}x{height}", Open(reply, width, height, keys).Text);
    }

    [Fact]
    public void The_forecast_has_an_ascii_form()
    {
        var text = Open(ForecastSamples.Full(), 80, 24).Text;
        Assert.All(
            text.Where(c => c != '\n'),
            c => Assert.InRange(Glyphs.Ascii(c.ToString())[0], ' ', '~')
        );
    }

    [Fact]
    public void The_screen_asks_again_only_while_it_shows_the_present()
    {
        var stage = Open(ForecastSamples.Full());
        stage.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Asked(stage));
        Wait(stage);
        Assert.Equal(2, Asked(stage));
        Wait(stage.Press("Z"));
        Assert.Equal(2, Asked(stage));
        // Due as soon as nothing is frozen, and again in the present.
        Wait(stage.Press("Z ["));
        Assert.Equal(3, Asked(stage));
        Wait(stage.Press("Esc 2"));
        Assert.Equal(4, Asked(stage));
        stage.Cloud.Link = new Link(LinkState.Stale, "", stage.Clock.GetUtcNow(), "it is silent");
        Wait(stage.Press("5"));
        Assert.Equal(4, Asked(stage));
    }

    [Fact]
    public void A_refused_request_keeps_the_last_forecast_and_says_why()
    {
        var stage = new UiHarness().Press("5");
        Assert.Contains("nothing is scripted", stage.Text);
        stage = Open(ForecastSamples.Full());
        stage.Cloud.Answer = _ => new Refusal { Message = "the scheduler is busy" };
        Wait(stage);
        Assert.Contains("the scheduler is busy", stage.Text);
        Assert.Contains("1003 etl", stage.Text);
    }

    [Fact]
    public void The_reason_why_there_is_no_forecast_is_shown()
    {
        var text = Open(new ForecastReply { At = Samples.Now, Lacking = "There is none." }).Text;
        Assert.Contains("There is none.", text);
        Assert.DoesNotContain("No node", text);
    }

    [Theory]
    [InlineData("Up", "1003 etl · on n1 · since 14:17:03 · until about 14:47:03")]
    [InlineData("Right", "1030 night · on n1 · from about 14:47:03 · until about 15:17:03")]
    [InlineData("Right", "each 30m00, from 12 jobs with its label")]
    [InlineData("Right Right", "1140-2035 render · on n1 · 300 jobs · from about 15:17:03")]
    [InlineData("Right Right Left", "1030 night · on n1")]
    [InlineData("Down", "1010 night · on n1 · since 14:25:03 · until an unknown time")]
    [InlineData("Down Down Down", "n3 runs nothing")]
    [InlineData("G k", "1 of others · on n4")]
    [InlineData(
        "G k Right Right",
        "1023 etl · on n4 · from about 15:42:03 · until an unknown time"
    )]
    public void Arrows_name_a_bar(string keys, string line) =>
        Assert.Contains(line, Open(ForecastSamples.Full()).Press(keys).Text);

    [Fact]
    public void A_bar_stays_named_when_others_come_before_it()
    {
        var stage = Open(ForecastSamples.Full()).Press("Right");
        var next = ForecastSamples.Full();
        next.Bars.Insert(2, ForecastSamples.Bar("n1", 1_001, 1_001, -1, 40, running: true));
        next.Bars[3].From += 20 * 60_000_000L;
        stage.Cloud.Answer = _ => next;
        Wait(stage);
        Assert.Contains("1030 night · on n1 · from about 15:07:03", stage.Text);
    }

    [Theory]
    [InlineData("Enter", "forecast › job 1003")]
    [InlineData("Right Right Enter", "forecast › map 1140")]
    [InlineData("Down Down Down Enter", "There is no job here that you can open.")]
    [InlineData("Left", "These are the first jobs here.")]
    public void Enter_opens_the_job_or_the_map(string keys, string shown) =>
        Assert.Contains(shown, Open(ForecastSamples.Full()).Press(keys).Text);

    [Fact]
    public void Jobs_of_other_users_cannot_be_opened()
    {
        var reply = ForecastSamples.Full();
        while (reply.Bars[0].First > 0)
            reply.Bars.RemoveAt(0);
        Assert.Contains("There is no job here", Open(reply).Press("Enter").Text);
    }

    [Fact]
    public void Keys_change_the_period_and_Esc_shows_all_again()
    {
        var stage = Open(ForecastSamples.Full());
        Assert.Contains("next 3 h", stage.Text);
        Assert.Contains("next 20 min", stage.Press("> >").Text);
        Assert.Contains("next 12 h", stage.Press("< < <").Text);
        Assert.Contains("next 3 h", stage.Press("Esc").Text);
        Assert.Contains("next 1 min", stage.Press("> > > > > > >").Text);
        Assert.Contains("next 1 year", stage.Press("< < < < < < < < < < < <").Text);
    }

    [Fact]
    public void Clicks_name_a_bar_and_open_it()
    {
        var stage = Open(ForecastSamples.Full());
        Click(stage, "1140-2035", MouseAction.Click);
        Assert.Contains("1140-2035 render · on n1", stage.Text);
        Click(stage, "./etl", MouseAction.Click);
        Assert.Contains("1023 etl · on n4", stage.Text);
        Click(stage, "1017", MouseAction.DoubleClick);
        Assert.Contains("forecast › job 1017", stage.Text);
    }

    [Fact]
    public void A_forecast_is_not_shown_in_the_past()
    {
        var stage = Open(ForecastSamples.Full()).Press("[");
        Assert.Contains("A forecast is of the present only.", stage.Text);
        Assert.DoesNotContain("1003", stage.Text);
        Assert.Contains("There is no job here", stage.Press("Enter").Text);
        Assert.Contains("1003 etl", stage.Press("Esc").Text);
    }

    [Fact]
    public void More_nodes_than_lines_scroll()
    {
        var stage = Open(ForecastSamples.Wide(60), 80, 24);
        Assert.Contains("node01", stage.Text);
        Assert.DoesNotContain("node60", stage.Text);
        stage.Press("G");
        Assert.Contains("60 · on node60", stage.Text);
        Assert.DoesNotContain("node01", stage.Text);
    }

    [Fact]
    public void A_command_of_the_palette_opens_the_forecast()
    {
        var stage = new UiHarness().Press(":").Type("forecast").Press("Enter");
        Assert.Equal("forecast", stage.Window.Top.Crumb);
    }

    private static UiHarness Open(
        ForecastReply reply,
        int width = 140,
        int height = 40,
        string keys = "5"
    )
    {
        var stage = new UiHarness(width, height).Receive(Samples.Full());
        stage.Cloud.Answer = request =>
            request is ForecastRequest ? reply : Samples.Answer(request);
        var (first, rest) = (keys[..1], keys.Length > 1 ? keys[2..] : "");
        stage.Press(first);
        _ = stage.Text;
        if (rest.Length > 0)
            stage.Press(rest);
        return stage;
    }

    private static int Asked(UiHarness stage) =>
        stage.Cloud.Requests.OfType<ForecastRequest>().Count();

    // Longer than the pause between requests; the second tick takes the answer.
    private static void Wait(UiHarness stage) =>
        stage.Advance(TimeSpan.FromSeconds(10)).Advance(TimeSpan.FromMilliseconds(100));

    private static void Click(UiHarness stage, string text, MouseAction pointing)
    {
        var lines = stage.Text.Split('\n');
        var y = Array.FindIndex(lines, line => line.Contains(text, StringComparison.Ordinal));
        stage.Window.Point(lines[y].IndexOf(text, StringComparison.Ordinal), y, pointing);
        stage.Advance(TimeSpan.FromMilliseconds(100));
    }
}
