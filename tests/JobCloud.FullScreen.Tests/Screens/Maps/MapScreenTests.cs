using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Theme;

namespace JobCloud.FullScreen.Tests.Screens.Maps;

public sealed class MapScreenTests
{
    [Theory]
    [InlineData("map", "", 80, 24)]
    [InlineData("map", "", 140, 40)]
    [InlineData("map-failed", "! Tab Right", 140, 40)]
    [InlineData("map-zoom", "z Down", 140, 40)]
    public void The_screen_of_a_map_matches_its_golden_file(
        string name,
        string keys,
        int width,
        int height
    )
    {
        var stage = Open(width, height);
        // Signs show the statuses in a text.
        stage.Window.Palette = Palettes.Plain;
        if (keys.Length > 0)
            stage.Press(keys);
        stage.Advance(TimeSpan.FromSeconds(1)).Advance(TimeSpan.FromSeconds(1));
        Golden.Verify($"{name}-{width}x{height}", stage.Text);
    }

    [Fact]
    public void Enter_on_a_map_opens_its_screen_and_Enter_there_an_element()
    {
        var stage = Open();
        Assert.Contains("jobs › map 5-2004", stage.Text);
        stage.Press("j Enter");
        Assert.Contains("› job 6", stage.Text);
    }

    [Fact]
    public void Filter_failed_only_and_order_are_asked_of_the_node()
    {
        var stage = Open().Press("!");
        Assert.Equal("status=error,killed,stalled", Query(stage));
        stage.Press("Esc /").Type("gzip or tar").Press("Enter !");
        Assert.Equal("(gzip or tar) status=error,killed,stalled", Query(stage));
        stage.Press("Esc Esc >");
        Assert.Equal("sort=jid", Query(stage));
        stage.Press("I");
        Assert.Equal("sort=-jid", Query(stage));
    }

    [Fact]
    public void Only_the_rows_in_sight_are_asked_for()
    {
        var stage = Open(100, 24);
        var rows = stage.Cloud.Requests.OfType<MapViewRequest>().Last(r => r.Rows.Count > 0).Rows;
        Assert.InRange(JidRanges.Count(rows), 1, 24);
        stage.Press("G").Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("2004 ", stage.Text);
        rows = stage.Cloud.Requests.OfType<MapViewRequest>().Last(r => r.Rows.Count > 0).Rows;
        Assert.Equal(2_004, rows[^1].Last);
    }

    [Fact]
    public void The_failed_elements_of_a_map_are_retried_together()
    {
        var stage = Open().Press("F");
        Assert.Contains("Retry 22 jobs?", stage.Text);
        Assert.Contains("= jobcloud retry 5-2004", stage.Text);
    }

    [Fact]
    public void Marks_on_the_heat_map_are_of_elements()
    {
        var stage = Open().Press("Right Space Right Right Space");
        stage.Press("y");
        Assert.Equal(new Effect.Copy("6,8"), stage.Window.Effects.Dequeue());
        Assert.Contains("2 marked", stage.Text);
    }

    [Fact]
    public void A_cell_of_several_elements_marks_them_all()
    {
        // 2,000 elements on a small screen: several in a cell.
        var stage = Open(80, 14).Press("Tab Right Space");
        var several = Number(stage);
        Assert.InRange(several, 2, 1_999);
        stage.Press("Right Space");
        Assert.Equal(2 * several, Number(stage));
        stage.Press("Space");
        Assert.Equal(several, Number(stage));

        static int Number(UiHarness stage) =>
            int.Parse(
                System
                    .Text.RegularExpressions.Regex.Match(stage.Text, @"(\d+) marked")
                    .Groups[1]
                    .Value,
                System.Globalization.CultureInfo.InvariantCulture
            );
    }

    [Fact]
    public void Marked_elements_are_retried_without_those_that_have_not_failed()
    {
        var stage = Open();
        var answer = stage.Cloud.Answer;
        stage.Cloud.Answer = request =>
            request is StatusRequest
                ? new StatusReply
                {
                    Runs =
                    {
                        new StatusRun
                        {
                            First = 15,
                            Count = 1,
                            Status = Status.Error,
                        },
                        new StatusRun
                        {
                            First = 16,
                            Count = 1,
                            Status = Status.Done,
                        },
                    },
                }
                : answer(request);
        stage.Press("! Space Down Space r");
        stage.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("Retry 1 job?", stage.Text);
    }

    [Fact]
    public void A_click_on_the_heat_map_names_an_element()
    {
        var stage = Open();
        stage.Window.Palette = Palettes.Plain;
        var lines = stage.Text.Split('\n').ToList();
        var line = lines.FindIndex(l => l.StartsWith(" ✓✓✓", StringComparison.Ordinal));
        stage.Window.Point(4, line, MouseAction.Click);
        Assert.Matches(@"status +8 ✓ done", stage.Text);
    }

    [Fact]
    public void Letters_change_what_the_colours_show()
    {
        var stage = Open().Press("m");
        Assert.Contains("runtime  ■■■■ up to", stage.Text);
        stage.Press("m");
        Assert.Contains("memory  ■■■■ up to", stage.Text);
    }

    [Fact]
    public void A_map_is_asked_for_again_when_its_row_changes()
    {
        var stage = Open();
        var before = Asked(stage);
        stage.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(before, Asked(stage));
        stage.Receive(new FeedNews { Rows = { Row() } }).Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 1, Asked(stage));
    }

    private static int Asked(UiHarness stage) =>
        stage.Cloud.Requests.OfType<MapViewRequest>().Count(request => request.Cells > 0);

    private static string Query(UiHarness stage)
    {
        stage.Advance(TimeSpan.FromSeconds(1));
        return stage.Cloud.Requests.OfType<MapViewRequest>().Last(request => request.Find).Query;
    }

    private static JobRow Row() => Samples.Map(5, 0, 0, 0, 0, 1_978, 22, 0, 0);

    private static UiHarness Open(int width = 140, int height = 40)
    {
        var stage = new UiHarness(width, height);
        stage.Cloud.Answer = request => request is MapViewRequest map ? Answer(map) : Unknown;
        stage.Receive(new FeedNews { Full = true, Rows = { Row() } });
        stage.Advance(TimeSpan.FromSeconds(1));
        stage.Press("Enter");
        stage.Advance(TimeSpan.FromSeconds(1));
        _ = stage.Text;
        return stage.Advance(TimeSpan.FromSeconds(1));
    }

    private static readonly Refusal Unknown = new() { Message = "nothing is scripted" };

    private static MapReply Answer(MapViewRequest request)
    {
        var reply = new MapReply
        {
            First = 5,
            Last = 2_004,
            Counts = { 0, 0, 0, 0, 1_978, 22, 0, 0 },
            RuntimeMedianUs = 1_200_000,
            RuntimeMaxUs = 93_000_000,
            RuntimeMaxJid = 77,
            Failures =
            {
                Failures(Status.Error, 20, 105, new() { Code = ReasonCode.Exit, Number = 1 }),
                Failures(Status.Error, 2, 205, new() { Code = ReasonCode.Exit, Number = 7 }),
            },
        };
        foreach (var range in request.Rows)
            for (var jid = range.First; jid <= range.Last; jid++)
                reply.Rows.Add(Samples.Job(jid, StatusOf(jid), 2));
        if (!request.Find)
            return reply;
        var jids = Enumerable.Range(5, 2_000).Select(jid => (long)jid).ToList();
        reply.Cells = new MapCells
        {
            Jobs = 1,
            Statuses = ByteString.CopyFrom([.. jids.Select(jid => (byte)StatusOf(jid))]),
            RuntimesUs = { jids.Select(jid => jid * 10_000) },
            MemoryBytes = { jids.Select(jid => jid << 20) },
        };
        var before = 5L;
        var found = request.Query.Contains("status=") ? jids.Where(IsFailed) : jids;
        foreach (var jid in request.Query.Contains("-jid") ? found.Reverse() : found)
        {
            reply.Found.Add(jid - before);
            before = jid;
        }
        return reply;
    }

    private static FailureGroup Failures(Status status, long count, long first, Reason reason) =>
        new()
        {
            Status = status,
            Count = count,
            First = first,
            Reason = reason,
        };

    private static bool IsFailed(long jid) => jid % 90 == 15;

    private static Status StatusOf(long jid) => IsFailed(jid) ? Status.Error : Status.Done;
}
