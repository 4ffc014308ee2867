using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.FullScreen.Tests.Screens;

public sealed class MainWindowTests
{
    [Theory]
    [InlineData(140, 40)]
    [InlineData(80, 24)]
    public void Until_nodes_and_jobs_are_known_the_header_shows_no_numbers(int width, int height)
    {
        var stage = new UiHarness(width, height);
        Assert.Contains("nodes …", stage.Text);
        Assert.DoesNotMatch("nodes 0|processing 0|● 0", stage.Text);
        Assert.Contains("nodes 1/3 ready", stage.Receive(Samples.Full()).Text);
    }

    private sealed class Page(MainWindow window, string crumb, Action? closed = null)
        : Screen(window, new KeyTable("page"))
    {
        public override string Crumb => crumb;

        public override void Paint(Canvas canvas) => canvas.Text(0, 0, "a page", Ink.Text);

        public override void Closed() => closed?.Invoke();
    }

    [Fact]
    public void Esc_closes_the_top_screen()
    {
        var closed = 0;
        var stage = new UiHarness();
        stage.Window.Open(new Page(stage.Window, "7", () => closed++));
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
    public void Only_the_quit_keys_quit(string keys, bool quits) =>
        Assert.Equal(quits, new UiHarness().Press(keys).Window.Effects.Contains(new Effect.Quit()));

    [Theory]
    [InlineData("2", "nodes")]
    [InlineData("3", "pulse")]
    [InlineData("4", "events")]
    [InlineData("5", "forecast")]
    [InlineData("4 1", "jobs")]
    [InlineData("2 3 -", "nodes")]
    [InlineData(": n o d e s Enter", "nodes")]
    public void Keys_open_screens(string keys, string crumb) =>
        Assert.Equal(crumb, new UiHarness().Press(keys).Window.Top.Crumb);

    [Fact]
    public void The_header_shows_the_connection_state()
    {
        var stage = new UiHarness().Receive(Samples.Full());
        Assert.Contains("● LIVE n1", stage.Text);
        var since = stage.Clock.GetUtcNow();
        stage.Cloud.Link = new Link(LinkState.Stale, "", since, "node n1 does not respond");
        stage.Advance(TimeSpan.FromSeconds(14));
        Assert.Contains("STALE 14s", stage.Text);
    }

    [Fact]
    public void Stale_data_is_grey_keeps_its_ages_and_says_why()
    {
        var stage = new UiHarness().Receive(Samples.Full());
        var live = Body(stage);
        stage.Cloud.Link = new Link(
            LinkState.Stale,
            "",
            stage.Clock.GetUtcNow(),
            "no node responds at unix:/x"
        );
        stage.Advance(TimeSpan.FromMinutes(10));
        Assert.Contains("no node responds at unix:/x.", stage.Text);
        Assert.Contains("R starts the node", stage.Text);
        Assert.Equal(live, Body(stage));

        var grid = new Grid();
        stage.Window.Paint(grid, stage.Width, stage.Height);
        for (var x = 0; x < stage.Width; x++)
            Assert.Equal(Ink.Muted, grid[x, 6].Style.Ink);

        stage.Press("R");
        Assert.Equal(1, stage.Cloud.Starts);

        static string[] Body(UiHarness stage) =>
            [.. stage.Text.Split('\n').Where(line => line.Contains("processing")).Skip(1).Take(3)];
    }

    [Fact]
    public void A_node_named_by_its_address_is_not_started()
    {
        var stage = new UiHarness().Receive(Samples.Full());
        stage.Cloud.CanStartNode = false;
        stage.Cloud.Link = new Link(LinkState.Stale, "", stage.Clock.GetUtcNow(), "it is silent");
        Assert.DoesNotContain("starts the node", stage.Text);
        stage.Press("R");
        Assert.Equal(0, stage.Cloud.Starts);
        Assert.Contains("cannot start this node", stage.Text);
    }

    [Theory]
    [InlineData(60, 12)]
    [InlineData(40, 10)]
    [InlineData(160, 50)]
    public void A_dialog_is_complete_after_a_resize(int width, int height)
    {
        var stage = new UiHarness().Receive(Samples.Full()).Press("A K");
        Assert.Contains("[ Cancel ]", stage.Text);
        (stage.Width, stage.Height) = (width, height);
        Assert.Contains("[ Cancel ]", stage.Text);
        Assert.Contains("┘", stage.Text);
        stage.Press("Esc");
        Assert.DoesNotContain("[ Cancel ]", stage.Text);
    }

    [Fact]
    public void A_frozen_screen_keeps_its_snapshot()
    {
        var stage = new UiHarness().Receive(Samples.Full()).Press("Z");
        stage.Receive(new() { Full = true });
        Assert.Contains("38 of 38 · frozen", stage.Text);
        stage.Press("Z");
        Assert.Contains("0 of 0", stage.Text);
    }

    [Fact]
    public void A_frozen_screen_keeps_its_rows()
    {
        var stage = new UiHarness().Receive(Samples.Full()).Press("Z");
        var renamed = Samples.Full().Rows[^1];
        var before = stage.Text;
        renamed.Command = "another command";
        stage.Receive(new() { Rows = { renamed } });
        Assert.Equal(before, stage.Text);
        stage.Press("Z");
        Assert.Contains("another command", stage.Text);
    }

    [Fact]
    public void Without_changes_nothing_is_repainted()
    {
        var stage = new UiHarness().Receive(new() { Full = true });
        _ = stage.Text;
        Assert.False(stage.Window.Tick());
    }

    [Fact]
    public void Each_key_has_one_action_and_each_action_has_a_handler()
    {
        var stage = new UiHarness().Receive(Samples.Full());
        foreach (var key in new[] { "1", "2", "3", "4", "5", "1 o" })
        {
            var top = stage.Press(key).Window.Top;
            var keys = top.Keys.Actions.SelectMany(action => action.Names).ToList();
            Assert.Equal(keys.Count, keys.Distinct().Count());
            Assert.All(
                top.Keys.Actions.Except(GlobalKeys.All),
                action => Assert.True(top.Handles(action), $"{top.Crumb}: {action.Label}")
            );
        }
    }

    [Theory]
    [InlineData("kil 3", "did you mean 'kill'?")]
    [InlineData("kill", "'kill' requires JIDS.")]
    [InlineData("kill x", "'x' is not a jid")]
    [InlineData("theme lihgt", "did you mean 'light'?")]
    [InlineData("ssh 3-4", "is not a single job")]
    [InlineData("set colour on", "Cannot set")]
    public void An_invalid_command_shows_what_to_do(string line, string toast) =>
        Assert.Contains(toast, new UiHarness().Press(":").Type(line).Press("Enter").Text);

    [Fact]
    public void The_palette_counts_the_jobs_before_it_asks_to_kill_them()
    {
        var stage = new UiHarness();
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
    public void A_node_is_drained_after_confirmation()
    {
        var stage = new UiHarness().Receive(Samples.Full());
        stage.Cloud.Answer = _ => new NodesReply();
        stage.Press("2 D Tab Enter");
        Assert.Equal("n1", stage.Cloud.Single<DrainRequest>().Node);
        Assert.Contains("Node n1 is draining.", stage.Text);
        Assert.Equal("jobs", stage.Press("Enter").Window.Top.Crumb);
        Assert.Contains("/ node=n1", stage.Text);
    }
}
