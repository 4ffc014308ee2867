using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.FullScreen.Tests.Screens;

public sealed class FrameTests
{
    private sealed class Page(Frame frame, string crumb, Action? closed = null)
        : Screen(frame, new KeyTable("page"))
    {
        public override string Crumb => crumb;

        public override void Paint(Canvas canvas) => canvas.Text(0, 0, "a page", Ink.Text);

        public override void Closed() => closed?.Invoke();
    }

    [Fact]
    public void A_screen_lies_over_another_and_goes_back()
    {
        var closed = 0;
        var stage = new Stage();
        stage.Frame.Open(new Page(stage.Frame, "7", () => closed++));
        Assert.Contains("jobs › 7", stage.Text);
        stage.Press("Esc");
        Assert.Equal(1, closed);
        Assert.DoesNotContain("›", stage.Text);
    }

    [Theory]
    [InlineData("Esc Esc Esc", false)]
    [InlineData("^Z", false)]
    [InlineData("q", true)]
    [InlineData("^C", true)]
    [InlineData(": ^C", true)]
    [InlineData(": q Enter", true)]
    public void Only_some_keys_leave(string keys, bool leaves) =>
        Assert.Equal(leaves, new Stage().Press(keys).Frame.Effects.Contains(new Effect.Quit()));

    [Theory]
    [InlineData("2", "nodes")]
    [InlineData("3", "pulse")]
    [InlineData("4", "events")]
    [InlineData("4 1", "jobs")]
    [InlineData("2 3 -", "nodes")]
    [InlineData(": n o Tab Enter", "nodes")]
    public void Keys_lead_to_screens(string keys, string crumb) =>
        Assert.Equal(crumb, new Stage().Press(keys).Frame.Top.Crumb);

    [Fact]
    public void How_well_the_cloud_is_reached_is_always_said()
    {
        var stage = new Stage().Hears(Samples.Whole());
        Assert.Contains("● LIVE n1", stage.Text);
        var since = stage.Clock.GetUtcNow();
        stage.Cloud.Link = new Link(LinkState.Stale, "", since, "node n1 does not answer");
        stage.Passes(TimeSpan.FromSeconds(14));
        Assert.Contains("STALE 14s", stage.Text);
    }

    [Theory]
    [InlineData(60, 12)]
    [InlineData(40, 10)]
    [InlineData(160, 50)]
    public void A_dialog_is_whole_after_the_terminal_has_another_size(int width, int height)
    {
        var stage = new Stage().Hears(Samples.Whole()).Press("A K");
        Assert.Contains("[ Cancel ]", stage.Text);
        (stage.Width, stage.Height) = (width, height);
        Assert.Contains("[ Cancel ]", stage.Text);
        Assert.Contains("┘", stage.Text);
        stage.Press("Esc");
        Assert.DoesNotContain("[ Cancel ]", stage.Text);
    }

    [Fact]
    public void Frozen_shows_what_was()
    {
        var stage = new Stage().Hears(Samples.Whole()).Press("Z");
        stage.Hears(new() { Full = true });
        Assert.Contains("38 of 38 · frozen", stage.Text);
        stage.Press("Z");
        Assert.Contains("0 of 0", stage.Text);
    }

    [Fact]
    public void Frozen_shows_rows_as_they_were()
    {
        var stage = new Stage().Hears(Samples.Whole()).Press("Z");
        var renamed = Samples.Whole().Rows[^1];
        var was = stage.Text;
        renamed.Command = "another command";
        stage.Hears(new() { Rows = { renamed } });
        Assert.Equal(was, stage.Text);
        stage.Press("Z");
        Assert.Contains("another command", stage.Text);
    }

    [Fact]
    public void While_nothing_happens_nothing_is_painted()
    {
        var stage = new Stage().Hears(new() { Full = true });
        _ = stage.Text;
        Assert.False(stage.Frame.Tick());
    }

    [Fact]
    public void No_key_of_a_screen_stands_for_two_acts_and_each_act_is_done()
    {
        var stage = new Stage().Hears(Samples.Whole());
        foreach (var key in new[] { "1", "2", "3", "4", "1 o" })
        {
            var top = stage.Press(key).Frame.Top;
            var keys = top.Keys.Acts.SelectMany(act => act.Names).ToList();
            Assert.Equal(keys.Count, keys.Distinct().Count());
            Assert.All(
                top.Keys.Acts.Except(FrameKeys.All),
                act => Assert.True(top.Handles(act), $"{top.Crumb}: {act.Word}")
            );
        }
    }

    [Theory]
    [InlineData("kil 3", "did you mean 'kill'?")]
    [InlineData("kill", "'kill' needs JIDS.")]
    [InlineData("kill x", "'x' is not a jid")]
    [InlineData("theme lihgt", "did you mean 'light'?")]
    [InlineData("ssh 3-4", "is not one job")]
    [InlineData("set colour on", "cannot be set")]
    public void A_command_that_is_wrong_says_what_to_do(string line, string toast) =>
        Assert.Contains(toast, new Stage().Press(":").Type(line).Press("Enter").Text);

    [Fact]
    public void The_palette_asks_how_many_before_it_kills()
    {
        var stage = new Stage();
        stage.Cloud.Answer = request =>
            request is StatusRequest
                ? new StatusReply
                {
                    Runs =
                    {
                        new StatusRun
                        {
                            First = 3,
                            Count = 2,
                            Status = Status.Queued,
                        },
                    },
                }
                : new ChangeReply { Changed = 2, Selected = 2 };
        stage.Press(":").Type("kill unfinished").Press("Enter");
        Assert.Contains("Kill 2 jobs?", stage.Text);
        Assert.Contains("= jobcloud kill unfinished", stage.Text);
        stage.Press("Tab Enter");
        Assert.Contains("✓ 2 jobs killed.", stage.Text);
    }

    [Fact]
    public void A_node_is_drained_after_a_question()
    {
        var stage = new Stage().Hears(Samples.Whole());
        stage.Cloud.Answer = _ => new NodesReply();
        stage.Press("2 D Tab Enter");
        Assert.Equal("n1", stage.Cloud.The<DrainRequest>().Node);
        Assert.Contains("n1 gets no further jobs.", stage.Text);
        Assert.Equal("jobs", stage.Press("Enter").Frame.Top.Crumb);
        Assert.Contains("/ node=n1", stage.Text);
    }
}
