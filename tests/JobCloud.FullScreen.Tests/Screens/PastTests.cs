using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Tui.FullScreen.Screens;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>What is shown of the past, and what cannot be done there.</summary>
public sealed class PastTests
{
    private const long Minute = 60_000_000;

    // 14:26:00, the last full minute but one.
    private const long Then = (Samples.Now / Minute - 1) * Minute;

    [Theory]
    [InlineData(140, 40)]
    [InlineData(80, 24)]
    public void The_past_matches_its_golden_file(int width, int height) =>
        Golden.Verify($"past-{width}x{height}", Stage(width, height).Press("[").Text);

    [Fact]
    public void A_key_leads_to_the_past_of_jobs_nodes_and_events()
    {
        var stage = Stage().Press("[");
        var lists = stage.Cloud.Requests.OfType<ListRequest>().ToList();
        Assert.All(lists, list => Assert.Equal(Then, list.AsOf));
        Assert.Equal(["", "status=processing"], lists.Select(list => list.Query));
        Assert.Contains("PAST 2026-11-22 14:26:00", stage.Text);
        Assert.Contains("30 processing, 40 waiting or queued", stage.Text);
        Assert.Contains("of the past", stage.Text);
        Assert.Contains("old-node", stage.Press("2").Text);
        Assert.Contains("4242", stage.Press("4").Text);
        Assert.Equal(Then, _events.Until);
    }

    [Fact]
    public void More_keys_lead_further_and_back_to_now()
    {
        var stage = Stage().Press("[ {");
        Assert.Contains("PAST 2026-11-22 13:26:00", stage.Text);
        Assert.Contains("PAST 2026-11-22 13:27:00", stage.Press("]").Text);
        Assert.DoesNotContain("PAST", stage.Press("} ]").Text);
        Assert.Contains("LIVE", stage.Text);
        Assert.DoesNotContain("PAST", stage.Press("[ Esc").Text);
        Assert.Contains("1035", stage.Text);
    }

    [Theory]
    [InlineData("K")]
    [InlineData("Del")]
    [InlineData("r")]
    [InlineData("P")]
    [InlineData("c")]
    [InlineData("s")]
    [InlineData("f")]
    public void Jobs_in_the_past_cannot_be_changed(string key)
    {
        var stage = Stage().Press($"[ {key}");
        Assert.Contains("it can only be seen", stage.Text);
        Assert.Null(stage.Window.Overlay);
    }

    [Theory]
    [InlineData(140, "30 processing, 40 waiting or queued")]
    [InlineData(80, "● 30  ◌ 40")]
    [InlineData(60, "[ ] { } move  Esc now")]
    public void The_past_offers_only_what_can_be_done_there(int width, string counts)
    {
        var lines = Stage(width, 24).Press("[").Text.TrimEnd().Split('\n');
        Assert.Contains("Enter open", lines[^1]);
        Assert.DoesNotContain("kill…", lines[^1]);
        Assert.Contains(lines, line => line.Contains(counts));
        Assert.Contains(
            lines,
            line => line.EndsWith("[ ] { } move  Esc now", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Commands_that_act_are_refused_and_one_leads_to_a_time()
    {
        var stage = Stage().Press("[ :").Type("kill 7").Press("Enter");
        Assert.Contains("it can only be seen", stage.Text);
        stage.Press(":").Type("at 02:14").Press("Enter");
        Assert.Contains("PAST 2026-11-22 02:14:00", stage.Text);
        stage.Press(":").Type("at 23:00").Press("Enter");
        Assert.Contains("PAST 2026-11-21 23:00:00", stage.Text);
        stage.Press(":").Type("at noon").Press("Enter");
        Assert.Contains("is not a time", stage.Text);
    }

    [Fact]
    public void A_filter_is_asked_of_the_past()
    {
        var stage = Stage().Press("[ /").Type("label=night").Press("Enter");
        _ = stage.Text;
        var list = stage.Cloud.Requests.OfType<ListRequest>().Last();
        Assert.Equal(("label=night", Then), (list.Query, list.AsOf));
    }

    [Fact]
    public void A_bar_of_failures_leads_to_the_jobs_that_failed_then()
    {
        var stage = Stage().Press("3");
        _ = stage.Text;
        stage.Press("Left Left Enter");
        var list = stage.Cloud.Requests.OfType<ListRequest>().First();
        Assert.Equal(
            "status=error,killed,stalled finished>=2026-11-22T14:24 finished<2026-11-22T14:26",
            list.Query
        );
        Assert.True(list.Expand);
        Assert.Equal(Then - 1, list.AsOf);
        Assert.Contains("of the past", stage.Text);
    }

    [Fact]
    public void A_map_of_the_past_is_listed_job_by_job()
    {
        var stage = Stage().Press("[");
        _ = stage.Text;
        stage.Press("j Enter");
        var list = stage.Cloud.Requests.OfType<ListRequest>().Last();
        Assert.Equal(("map:500", true), (list.Query, list.Expand));
    }

    [Fact]
    public void A_click_on_the_day_leads_to_its_time()
    {
        var stage = Stage(140, 40).Press("[");
        _ = stage.Text;
        stage.Window.Point(14, 38, MouseAction.Click);
        Assert.Contains("PAST 2026-11-21 14:", stage.Text);
    }

    [Fact]
    public void A_job_is_shown_as_it_was_and_its_output_up_to_then()
    {
        var stage = Stage();
        OutputRequest? output = null;
        stage.Cloud.Output = request =>
        {
            output = request;
            return [];
        };
        stage.Press("[");
        _ = stage.Text;
        stage.Press("Enter");
        Assert.Contains("processing", stage.Text);
        Assert.DoesNotContain("✗ error", stage.Text);
        stage.Press("l");
        Assert.Equal((Then, false), (output!.Until, output.Follow));
        Assert.Contains("what was written by then", stage.Text);
        stage.Press("]");
        Assert.Equal(Then + Minute, output.Until);
        Assert.Contains("error", stage.Press("q").Text);
    }

    private EventsRequest _events = new();

    private UiHarness Stage(int width = 140, int height = 40)
    {
        var stage = new UiHarness(width, height).Receive(Samples.Full());
        stage.Cloud.Answer = Answer;
        stage.Cloud.Events = request =>
        {
            _events = request;
            var e = new JobEvent
            {
                At = Then - 9,
                Jid = 4_242,
                Started = new AttemptStart { Attempt = 1 },
            };
            return request.Until > 0 ? [new EventsReply { Events = { e } }] : [];
        };
        return stage;
    }

    private static IMessage Answer(IMessage request)
    {
        var job = new JobRow
        {
            First = 777,
            Last = 777,
            Command = "of the past",
            Owner = "ann",
            Created = Then - 5 * Minute,
            Started = Then - 4 * Minute,
            Node = "old-node",
            Cores = 2,
            Attempt = 1,
            Counts = { 0, 0, 0, 1, 0, 0, 0, 0 },
        };
        var map = new JobRow
        {
            First = 500,
            Last = 509,
            Command = "a map",
            Created = Then - 9 * Minute,
            Counts = { 0, 0, 4, 3, 2, 1, 0, 0 },
        };
        return request switch
        {
            ListRequest { Expand: true } => new ListReply { Rows = { job } },
            ListRequest => new ListReply { Rows = { job, map } },
            InfoRequest => new JobDetail
            {
                Jid = 777,
                Status = Status.Error,
                Created = job.Created,
                Started = job.Started,
                Finished = Then + Minute / 2,
                Attempt = 1,
                Node = "old-node",
            },
            _ => Samples.Answer(request),
        };
    }
}
