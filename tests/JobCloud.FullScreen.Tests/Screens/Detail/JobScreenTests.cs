using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Screens.Detail;
using JobCloud.Tui.FullScreen.Screens.Output;
using JobCloud.Tui.FullScreen.Screens.Submit;

namespace JobCloud.FullScreen.Tests.Screens.Detail;

public sealed class JobScreenTests
{
    public static TheoryData<string, string, int, int> Pictures()
    {
        var all = new TheoryData<string, string, int, int>();
        foreach (var (width, height) in new[] { (80, 24), (140, 40) })
        {
            all.Add("overview", "j", width, height);
            all.Add("usage", "Tab", width, height);
            all.Add("attempts", "Tab Tab", width, height);
            all.Add("dependencies", "Tab Tab Tab", width, height);
            all.Add("ports", "Tab Tab Tab Tab", width, height);
            all.Add("events", "6", width, height);
            all.Add("explain", "7", width, height);
            all.Add("command", "8", width, height);
            all.Add("items", "9", width, height);
        }
        all.Add("overview", "Home", 300, 80);
        return all;
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_tab_matches_its_golden_file(string name, string keys, int width, int height)
    {
        var stage = Opened(width, height).Press(keys);
        // A tree is loaded job by job.
        for (var i = 0; i < 10; i++)
            stage.Advance(TimeSpan.Zero);
        Golden.Verify($"{name}-{width}x{height}", stage.Text);
    }

    [Fact]
    public void A_narrow_screen_names_the_tab_that_is_shown()
    {
        var stage = Opened(60, 14);
        Assert.Contains("  overview  2  3  4  5  6  7  8  9", stage.Text);
        Assert.Contains("  1  2  3  4  5  6  7  8  items", stage.Press("Shift-Tab").Text);
        Assert.Contains("  1  2  3  4  5  6  explain  8  9", stage.Press("7").Text);
    }

    [Fact]
    public void The_plots_show_the_selected_instant()
    {
        var stage = Opened().Press("Tab");
        Assert.DoesNotContain("┃", stage.Text);
        stage.Press(", , ,");
        Assert.Contains("┃", stage.Text);
        Assert.Matches(@"memory  \S+ \S+ at \d\d:\d\d:\d\d   peak", stage.Text);
        Assert.DoesNotContain("┃", stage.Press("Esc").Text);
    }

    [Fact]
    public void The_usage_of_a_processing_job_is_requested_once_per_second()
    {
        var stage = Opened();
        var before = Infos(stage).Count;
        stage.Advance(TimeSpan.FromMilliseconds(400)).Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(before, Infos(stage).Count);
        stage.Advance(TimeSpan.FromMilliseconds(400)).Advance(TimeSpan.Zero);
        Assert.Equal(before + 1, Infos(stage).Count);
        Assert.DoesNotContain("stdout", Infos(stage)[^1].Items);
        Assert.Contains("timeline", Infos(stage)[^1].Items);
    }

    [Fact]
    public void A_finished_job_is_not_requested_again()
    {
        var stage = Opened(answer: request =>
        {
            var reply = DetailSamples.Answer(request);
            if (reply is JobDetail job)
                (job.Status, job.Finished) = (Status.Done, Samples.Now);
            return reply;
        });
        var before = Infos(stage).Count;
        for (var i = 0; i < 10; i++)
            stage.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before, Infos(stage).Count);
    }

    [Fact]
    public void A_refusal_is_shown_in_place_of_the_job()
    {
        var stage = Opened(answer: _ => new Refusal { Message = "Job 7 was deleted." });
        Assert.Contains("Job 7 was deleted.", stage.Text);
    }

    [Fact]
    public void Enter_opens_a_dependency()
    {
        var stage = Opened().Press("Tab Tab Tab").Advance(TimeSpan.Zero).Press("G k Enter");
        Assert.Equal("job 5", stage.Window.Top.Crumb);
        stage.Press("Esc");
        Assert.Equal("job 7", stage.Window.Top.Crumb);
    }

    [Fact]
    public void Kill_requires_confirmation_and_names_this_job()
    {
        var stage = Opened().Press("K Enter");
        Assert.Empty(stage.Cloud.Requests.OfType<KillRequest>());
        stage.Press("K Tab Enter");
        var kill = Assert.Single(stage.Cloud.Requests.OfType<KillRequest>());
        Assert.Equal(7, kill.Jobs.Items.Single().Range.First);
    }

    [Fact]
    public void The_address_of_a_forwarded_port_is_copied()
    {
        var stage = Opened().Press("Tab Tab Tab Tab y");
        Assert.Contains(new Effect.Copy("10.0.0.1:31080"), stage.Window.Effects);
    }

    [Fact]
    public void Keys_open_the_output_and_a_form_with_a_copy()
    {
        Assert.IsType<OutputScreen>(Opened().Press("l").Window.Top);
        var form = Opened().Press("e");
        Assert.IsType<SubmitScreen>(form.Window.Top);
        Assert.Contains("--label night", form.Text);
    }

    private static UiHarness Opened(
        int width = 140,
        int height = 40,
        Func<IMessage, IMessage>? answer = null
    )
    {
        var stage = new UiHarness(width, height);
        stage.Cloud.Answer = answer ?? DetailSamples.Answer;
        stage.Cloud.Events = _ => [new EventsReply { Events = { DetailSamples.Events() } }];
        stage.Window.Open(new JobScreen(stage.Window, new Jid(7)));
        for (var i = 0; i < 4; i++)
            stage.Advance(TimeSpan.Zero);
        return stage;
    }

    private static List<InfoRequest> Infos(UiHarness stage) =>
        [.. stage.Cloud.Requests.OfType<InfoRequest>()];
}
