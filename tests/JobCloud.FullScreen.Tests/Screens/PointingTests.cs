using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Screens;

namespace JobCloud.FullScreen.Tests.Screens;

public sealed class PointingTests
{
    private static UiHarness Stage(Status status = Status.Processing, int width = 140) =>
        new UiHarness(width).Receive(
            new FeedNews { Full = true, Rows = { Samples.Job(1, status), Samples.Job(2, status) } }
        );

    [Fact]
    public void A_click_on_a_key_of_the_footer_presses_it()
    {
        var stage = Click(Stage(), "kill…");
        Assert.Contains("Kill 1 job?", stage.Text);
    }

    [Fact]
    public void A_click_on_a_button_of_a_dialog_answers_it()
    {
        var stage = Stage();
        stage.Cloud.Answer = _ => new ChangeReply { Changed = 1, Selected = 1 };
        Click(stage.Press("K"), "[ Cancel ]");
        Assert.Null(stage.Window.Overlay);
        Assert.Empty(stage.Cloud.Requests);
        Click(stage.Press("K"), "[ Kill ]");
        Assert.IsType<KillRequest>(Assert.Single(stage.Cloud.Requests));
    }

    [Fact]
    public void The_letters_of_yes_and_no_answer_a_dialog()
    {
        var stage = Stage();
        stage.Press("K n");
        Assert.Null(stage.Window.Overlay);
        Assert.Empty(stage.Cloud.Requests);
        stage.Press("K y");
        Assert.IsType<KillRequest>(Assert.Single(stage.Cloud.Requests));
    }

    [Fact]
    public void A_click_on_a_count_of_the_header_shows_these_jobs()
    {
        var stage = Click(Stage(), "○ waiting");
        Assert.Contains("/ status=waiting", stage.Text);
    }

    [Fact]
    public void A_click_on_a_screen_of_the_header_opens_it() =>
        Assert.Contains("NODE  ", Click(Stage(), "2 nodes").Text);

    [Fact]
    public void A_click_on_a_title_without_an_order_says_why() =>
        Assert.Contains(
            "cannot be sorted by LAST MINUTE",
            Click(Stage(width: 300), "LAST MINUTE").Text
        );

    [Fact]
    public void A_command_of_the_palette_is_chosen_by_a_click()
    {
        var stage = Click(Stage().Press(":").Type("puls"), "pulse ");
        Assert.Contains("jobs wait for", stage.Text);
    }

    [Fact]
    public void The_footer_of_a_form_offers_only_keys_that_do_not_type()
    {
        var stage = Stage().Press("c");
        Assert.Contains("F1 help  ^P command", stage.Text);
        Assert.DoesNotContain("? help", stage.Text);
        Assert.Contains("Help · submit", stage.Press("F1").Text);
    }

    [Fact]
    public void Without_a_node_a_form_says_so_at_once()
    {
        var stage = Stage().Press("c").Type("make");
        stage.Cloud.Link = new Link(LinkState.Joining, "", default, "no node runs here");
        stage.Press("Enter");
        Assert.Contains("no connection to a node: no node runs here", stage.Text);
        Assert.DoesNotContain(
            stage.Cloud.Requests,
            request => request is SubmitRequest { DryRun: false }
        );
    }

    [Fact]
    public void A_message_covers_no_row_of_the_screen()
    {
        var stage = new UiHarness(80, 12);
        var news = new FeedNews { Full = true };
        for (var jid = 1; jid <= 30; jid++)
            news.Rows.Add(Samples.Job(jid, Status.Done));
        var before = stage.Receive(news).Text.Split('\n');
        var after = stage.Press("s").Text.Split('\n');
        Assert.Equal(before[..11], after[..11]);
        Assert.Contains("A terminal needs", after[11]);
    }

    [Fact]
    public void After_a_submission_the_cursor_goes_to_the_new_job()
    {
        var stage = Stage().Press("j");
        stage.Cloud.Answer = _ => new SubmitReply { First = 3, Last = 3 };
        stage.Press("c").Type("make").Press("Enter");
        stage.Receive(new FeedNews { Rows = { Samples.Job(3, Status.Queued) } });
        stage.Press("y");
        Assert.Equal(new Effect.Copy("3"), stage.Window.Effects.Dequeue());
    }

    [Fact]
    public void A_map_is_submitted_again_with_all_its_elements()
    {
        var stage = new UiHarness().Receive(
            new FeedNews { Full = true, Rows = { Samples.Map(5, 0, 0, 0, 0, 3, 0, 0, 0) } }
        );
        stage.Cloud.Answer = request =>
            request is MapViewRequest { Submission: true }
                ? new MapReply
                {
                    First = 5,
                    Last = 7,
                    Submission = new MapSubmission
                    {
                        Spec = new JobSpec { Command = "gzip {f}", Priority = 5 },
                        Columns =
                        {
                            new MapColumn
                            {
                                Name = "f",
                                List = new ValueList { Values = { "a", "b", "c" } },
                            },
                        },
                    },
                }
                : new SubmitReply { First = 8, Last = 10 };
        stage.Press("e");
        Assert.Contains("the 3 elements of map 5-7", stage.Text);
        stage.Press("Enter");
        var sent = stage.Cloud.Requests.OfType<SubmitRequest>().Last(request => !request.DryRun);
        Assert.Equal((3, true), (sent.Count, sent.IsMap));
        Assert.Equal(["a", "b", "c"], sent.Columns[0].List.Values);
    }

    private static UiHarness Click(UiHarness stage, string text, int shift = 0)
    {
        var lines = stage.Text.Split('\n');
        var y = Array.FindLastIndex(lines, line => line.Contains(text, StringComparison.Ordinal));
        var x = lines[y].IndexOf(text, StringComparison.Ordinal) + shift;
        stage.Window.Point(x, y, MouseAction.Click);
        return stage.Advance(TimeSpan.FromMilliseconds(100));
    }
}
