using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Screens.Jobs;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>What the job table shows of usage, of waiting, and of jobs that end.</summary>
public sealed class JobUsageTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData("CPU", "1,3,2")]
    [InlineData("MEM", "2,1,3")]
    public void A_click_on_a_usage_title_sorts_the_processing_jobs_largest_first(
        string title,
        string order
    )
    {
        var stage = new UiHarness().Receive(Jobs(3, Status.Processing));
        Click(stage, title);
        Measure(stage);
        Assert.Equal(order, Order(stage));
        Assert.Contains($"{title}▼", stage.Text);

        Click(stage, title);
        stage.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(string.Join(',', order.Split(',').Reverse()), Order(stage));
    }

    [Fact]
    public void Jobs_that_use_nothing_come_after_those_that_do_newest_first()
    {
        var stage = new UiHarness().Receive(Jobs(3, Status.Processing));
        stage.Receive(new FeedNews { Rows = { Job(4, Status.Done), Job(5, Status.Queued) } });
        Click(stage, "CPU");
        Measure(stage);
        Assert.Equal("1,3,2,5,4", Order(stage));

        stage.Receive(new FeedNews { Rows = { Job(1, Status.Done) } });
        stage.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("3,2,5,4,1", Order(stage));
    }

    [Fact]
    public void An_order_by_usage_asks_for_jobs_out_of_sight_too_up_to_a_limit()
    {
        var stage = new UiHarness(120, 20).Receive(Jobs(700, Status.Processing));
        _ = stage.Advance(TimeSpan.FromSeconds(1)).Text;
        Assert.True(stage.Cloud.Visible.Count < 20);

        Click(stage, "CPU");
        stage.Advance(TimeSpan.FromSeconds(1)).Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(1L, stage.Cloud.Visible);
        Assert.InRange(stage.Cloud.Visible.Count, FeedLimits.Visible, FeedLimits.Visible + 20);
        Assert.Contains("of the oldest 500 processing", stage.Text);
    }

    [Fact]
    public void A_wide_screen_has_a_trend_of_each_job_and_wider_columns()
    {
        var stage = new UiHarness(300).Receive(Jobs(3, Status.Processing));
        Measure(stage);
        Assert.Contains("LAST MINUTE", stage.Text);
        Assert.Contains('█', RowOf(stage, 1));
        Assert.DoesNotContain("LAST MINUTE", new UiHarness(140).Receive(Jobs(3, 0)).Text);
    }

    [Theory]
    [InlineData(Status.Queued, 1, "waits: memory, jobs ahead")]
    [InlineData(Status.Queued, 3, "waits for free cores")]
    [InlineData(Status.Queued, 9, "needs a larger node")]
    [InlineData(Status.Waiting, 1, "waits for its dependencies")]
    public void A_row_says_why_its_job_has_not_started(Status status, int cores, string reason)
    {
        var job = Job(1, status);
        job.Cores = cores;
        var stage = new UiHarness(200).Receive(new FeedNews { Full = true, Rows = { job } });
        Assert.DoesNotContain(reason, stage.Text);
        stage.Receive(new FeedNews { Nodes = { Samples.Node("n1", "ready", 8, 6) } });
        Assert.Contains(reason, RowOf(stage, 1));
    }

    [Fact]
    public void When_a_marked_job_ends_the_terminal_calls_whatever_is_on_the_screen()
    {
        var stage = new UiHarness().Receive(Jobs(3, Status.Processing)).Press("Space 2");
        stage.Advance(TimeSpan.FromSeconds(1));
        stage.Receive(new FeedNews { Rows = { Job(2, Status.Error) } });
        stage.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(stage.Window.Effects.OfType<Effect.Notify>());

        stage.Receive(new FeedNews { Rows = { Job(3, Status.Error) } });
        stage.Advance(TimeSpan.FromSeconds(1)).Advance(TimeSpan.FromSeconds(1));
        var call = Assert.Single(stage.Window.Effects.OfType<Effect.Notify>());
        Assert.Equal("Job 3 ended: error, exit 3.", call.Text);
        Assert.Contains(call.Text, stage.Text);
    }

    private static JobRow Job(long jid, Status status)
    {
        var row = Samples.Job(jid, status);
        row.Cores = 2;
        return row;
    }

    private static FeedNews Jobs(int count, Status status)
    {
        var news = new FeedNews { Full = true };
        for (var jid = 1; jid <= count; jid++)
            news.Rows.Add(Job(jid, status));
        return news;
    }

    // Job 1 uses most CPU and job 2 most memory.
    private static void Measure(UiHarness stage)
    {
        stage.Advance(TimeSpan.FromSeconds(1));
        foreach (var second in (int[])[0, 1])
            stage.Receive(
                new FeedNews
                {
                    At = Samples.Now + second * Second,
                    Usages =
                    {
                        Used(1, second * 2 * Second, 2 << 20),
                        Used(2, second * Second / 10, 3 << 20),
                        Used(3, second * Second, 1 << 20),
                    },
                }
            );
        stage.Advance(TimeSpan.FromSeconds(2));
    }

    private static UsageNow Used(long jid, long cpu, long memory) =>
        new()
        {
            Jid = jid,
            Usage = new Usage { CpuUserUs = cpu, MemoryBytes = memory },
        };

    private static void Click(UiHarness stage, string title)
    {
        var lines = stage.Text.Split('\n').ToList();
        var line = lines.FindIndex(each => each.Contains(title));
        var column = lines[line].IndexOf(title, StringComparison.Ordinal);
        stage.Window.Point(column, line, MouseAction.Click);
    }

    private static string Order(UiHarness stage)
    {
        _ = stage.Text;
        return string.Join(',', ((JobsScreen)stage.Window.Top).Rows.Select(row => row.First));
    }

    private static string RowOf(UiHarness stage, long jid) =>
        stage.Text.Split('\n').First(line => line.Contains($" {jid}   "));
}
