using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Screens.Jobs;

namespace JobCloud.FullScreen.Tests.Screens;

public sealed class JobsScreenTests
{
    private static FeedNews Three(Status status = Status.Processing) =>
        new()
        {
            Full = true,
            Rows = { Samples.Job(1, status), Samples.Job(2, status, 1), Samples.Job(3, status, 2) },
        };

    [Fact]
    public void Usage_of_visible_jobs_is_requested_and_shown()
    {
        var stage = new UiHarness().Receive(Three());
        _ = stage.Text;
        stage.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([3L, 2L, 1L], stage.Cloud.Visible);
        stage.Receive(Used(1, 0)).Receive(Used(2, 1_500_000));
        Assert.Matches(@"150%\s+2G", stage.Text);

        stage.Press("2").Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(stage.Cloud.Visible);
    }

    private static FeedNews Used(int second, long cpu) =>
        new()
        {
            At = Samples.Now + second * 1_000_000L,
            Usages =
            {
                new UsageNow
                {
                    Jid = 3,
                    Usage = new Usage { CpuUserUs = cpu, MemoryBytes = 2L << 30 },
                },
            },
        };

    [Fact]
    public void A_click_on_a_title_sorts_and_a_second_one_reverses()
    {
        var stage = new UiHarness().Receive(Three());
        var line = stage.Text.Split('\n').ToList().FindIndex(l => l.Contains("COMMAND"));
        var column = stage.Text.Split('\n')[line].IndexOf("COMMAND", StringComparison.Ordinal);
        stage.Window.Point(column, line, MouseAction.Click);
        Assert.Contains("COMMAND▲", stage.Text);
        stage.Window.Point(column, line, MouseAction.Click);
        Assert.Contains("COMMAND▼", stage.Text);
        Assert.Equal(
            ("command", true),
            (stage.Window.Preferences.Sort, stage.Window.Preferences.Descending)
        );
        Assert.Contains(stage.Window.Effects, effect => effect is Effect.SavePreferences);
    }

    [Fact]
    public void Enter_alone_does_not_kill()
    {
        var stage = new UiHarness().Receive(Three()).Press("K Enter");
        Assert.Empty(stage.Cloud.Requests);
        Assert.Null(stage.Window.Overlay);
    }

    [Fact]
    public void K_and_the_button_kill_the_cursors_job()
    {
        var stage = new UiHarness();
        stage.Cloud.Answer = _ => Changed(1, 1);
        stage.Receive(Three()).Press("j K");
        Assert.Contains("= jobcloud kill 2", stage.Text);
        stage.Press("Tab Enter");
        Assert.Equal("2", JidNotation.Print(stage.Cloud.Single<KillRequest>().Jobs));
        Assert.Contains("✓ 1 job killed.", stage.Text);
    }

    [Theory]
    [InlineData("K", Status.Processing, "kill")]
    [InlineData("Del", Status.Done, "delete")]
    [InlineData("r", Status.Error, "retry")]
    public void Marked_jobs_are_changed_in_one_request(string key, Status status, string verb)
    {
        var stage = new UiHarness().Receive(Three(status)).Press($"Space j Space {key} Tab Enter");
        var request = Assert.Single(stage.Cloud.Requests);
        var (body, jobs) = request switch
        {
            KillRequest kill => ("kill", kill.Jobs),
            DeleteRequest delete => ("delete", delete.Jobs),
            _ => ("retry", ((RetryRequest)request).Jobs),
        };
        Assert.Equal((verb, "1,3"), (body, JidNotation.Print(jobs)));
    }

    [Fact]
    public void The_priority_of_queued_jobs_is_changed()
    {
        var stage = new UiHarness();
        stage.Cloud.Answer = _ => Changed(1, 1);
        stage.Receive(Three(Status.Queued)).Press("P ^U 1");
        Assert.Contains("= jobcloud prioritize 3 1", stage.Text);
        stage.Press("Enter");
        var request = stage.Cloud.Single<PrioritizeRequest>();
        Assert.Equal(("3", 1), (JidNotation.Print(request.Jobs), request.Priority));
        stage.Press(":").Type("prioritize 2 9").Press("Enter");
        Assert.Equal(9, ((PrioritizeRequest)stage.Cloud.Requests[1]).Priority);
    }

    [Fact]
    public void Killing_more_than_ten_jobs_requires_typing_their_number()
    {
        var map = Samples.Map(1, 0, 0, 20, 5, 7, 0, 0, 0);
        var stage = new UiHarness()
            .Receive(new FeedNews { Full = true, Rows = { map } })
            .Press("K Tab Enter");
        Assert.Empty(stage.Cloud.Requests);
        stage.Press("K 2 5 Tab Enter");
        Assert.Equal("1-32", JidNotation.Print(stage.Cloud.Single<KillRequest>().Jobs));
    }

    [Fact]
    public void Actions_that_do_not_apply_are_not_offered()
    {
        var stage = new UiHarness().Receive(Three(Status.Done));
        Assert.False(stage.Window.Top.Can(JobsKeys.Kill));
        Assert.False(stage.Window.Top.Can(JobsKeys.Shell));
        Assert.DoesNotContain("kill…", stage.Text);
        Assert.Null(stage.Press("K").Window.Overlay);
    }

    [Fact]
    public void A_refusal_is_shown_as_a_toast()
    {
        var stage = new UiHarness();
        stage.Cloud.Answer = _ => new Refusal { Message = "Job 3 was deleted." };
        stage.Receive(Three(Status.Done)).Press("Del Tab Enter");
        Assert.Contains("✗ Job 3 was deleted.", stage.Text);
        stage.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain("was deleted", stage.Text);
    }

    [Fact]
    public void In_read_only_mode_nothing_is_sent()
    {
        var stage = new UiHarness(readOnly: true).Receive(Three()).Press("K s");
        Assert.Empty(stage.Cloud.Requests);
        Assert.Empty(stage.Window.Effects);
        Assert.Null(stage.Window.Overlay);
        Assert.Contains("read-only", stage.Text);
    }

    [Fact]
    public void A_filter_applies_while_it_is_typed()
    {
        var stage = new UiHarness().Receive(Three()).Press("/").Type("make");
        Assert.Equal([2L], Rows(stage).Select(row => row.First));
        stage.Press("Esc");
        Assert.Equal(3, Rows(stage).Count);
    }

    [Fact]
    public void An_invalid_filter_shows_the_error_and_keeps_the_last_valid_one()
    {
        var stage = new UiHarness().Receive(Three()).Press("/").Type("jid>1 colour=3");
        Assert.Contains("Unknown field 'colour'", stage.Text);
        stage.Press("^U").Type("jid>1 (");
        Assert.Equal(2, Rows(stage).Count);
    }

    [Fact]
    public void The_cursor_keeps_its_job_when_rows_are_added_above()
    {
        var stage = new UiHarness().Receive(Three()).Press("j j");
        for (var jid = 4; jid < 200; jid++)
            stage.Receive(new FeedNews { Rows = { Samples.Job(jid, Status.Queued) } });
        stage.Press("y");
        Assert.Equal(new Effect.Copy("1"), stage.Window.Effects.Dequeue());
    }

    [Fact]
    public void Keys_change_the_sort_column_and_the_order()
    {
        var stage = new UiHarness().Receive(Three()).Press("> I");
        Assert.Contains("JID▼", stage.Text);
        stage.Press("I");
        Assert.Equal([1L, 2, 3], Rows(stage).Select(row => row.First));
        stage.Press("<");
        Assert.Equal([3L, 2, 1], Rows(stage).Select(row => row.First));
    }

    [Fact]
    public void S_opens_a_terminal_in_the_job()
    {
        var stage = new UiHarness().Receive(Three()).Press("s");
        var child = Assert.IsType<Effect.RunChild>(stage.Window.Effects.Dequeue());
        Assert.Equal(["ssh", "3"], child.Arguments);
    }

    [Fact]
    public void A_map_row_opens_no_terminal()
    {
        var map = Samples.Map(1, 0, 0, 20, 5, 7, 0, 0, 0);
        var stage = new UiHarness()
            .Receive(new FeedNews { Full = true, Rows = { map } })
            .Press("s");
        Assert.False(stage.Window.Top.Can(JobsKeys.Shell));
        Assert.Empty(stage.Window.Effects);
    }

    [Fact]
    public void The_table_is_saved_to_a_file_but_does_not_overwrite_one()
    {
        var path = Path.Combine(Path.GetTempPath(), $"jobcloud-{Guid.NewGuid():N}.csv");
        try
        {
            var stage = new UiHarness()
                .Receive(Three())
                .Press(":")
                .Type($"w {path}")
                .Press("Enter");
            Assert.Contains("Saved 3 rows", stage.Text);
            Assert.Equal(4, File.ReadAllLines(path).Length);
            stage.Press(":").Type($"w {path}").Press("Enter");
            Assert.Contains("Cannot write", stage.Text);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_newest_jobs_stay_in_sight_while_the_cursor_is_on_them()
    {
        var stage = new UiHarness(100, 20).Receive(Many(1, 60));
        stage.Receive(Many(61, 3));
        Assert.Contains("● 63 ", stage.Text);
        stage.Press("y");
        Assert.Equal(new Effect.Copy("63"), stage.Window.Effects.Dequeue());
    }

    [Fact]
    public void Elsewhere_a_badge_counts_the_new_jobs()
    {
        var stage = new UiHarness(100, 20).Receive(Many(1, 60)).Press("G");
        stage.Receive(Many(61, 3));
        Assert.Contains("▲ 3 new", stage.Text);
        stage.Press("g");
        Assert.DoesNotContain("new", stage.Text);
    }

    [Fact]
    public void After_sorting_the_top_of_the_new_order_is_shown()
    {
        var stage = new UiHarness(100, 20).Receive(Many(1, 60)).Press("G > >");
        stage.Press("y");
        Assert.Equal(0, ((JobsScreen)stage.Window.Top).Jobs.Cursor);
    }

    [Fact]
    public void The_row_of_a_map_says_how_many_failed_and_why()
    {
        var stage = new UiHarness(180);
        stage.Cloud.Answer = _ => new MapReply
        {
            First = 5,
            Last = 5_004,
            Failures =
            {
                new FailureGroup
                {
                    Status = Status.Error,
                    Reason = new() { Code = ReasonCode.Exit, Number = 1 },
                    Count = 22,
                },
            },
        };
        var map = Samples.Map(5, 0, 0, 0, 0, 4_978, 22, 0, 0);
        stage.Receive(new FeedNews { Full = true, Rows = { map } });
        Assert.Contains("✗22", stage.Text);
        stage.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("22 error: exit 1", stage.Text);
        stage.Advance(TimeSpan.FromMinutes(1));
        Assert.True(stage.Cloud.Single<MapViewRequest>().Failures);
    }

    [Fact]
    public void A_key_that_cannot_act_says_why()
    {
        var stage = new UiHarness().Receive(Three(Status.Done)).Press("s");
        Assert.Contains("A terminal needs one job that is processing.", stage.Text);
        stage.Press("K");
        Assert.Contains("Only jobs that are waiting, queued or processing", stage.Text);
    }

    private static FeedNews Many(long first, int count)
    {
        var news = new FeedNews { Full = first == 1 };
        for (var jid = first; jid < first + count; jid++)
            news.Rows.Add(Samples.Job(jid, Status.Processing));
        return news;
    }

    private static IReadOnlyList<JobRow> Rows(UiHarness stage) =>
        ((JobsScreen)stage.Window.Top).Rows;

    private static ChangeReply Changed(long changed, long selected) =>
        new() { Changed = changed, Selected = selected };
}
