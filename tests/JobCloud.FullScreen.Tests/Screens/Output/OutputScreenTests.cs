using System.Text;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Screens;
using JobCloud.Tui.FullScreen.Screens.Output;

namespace JobCloud.FullScreen.Tests.Screens.Output;

public sealed class OutputScreenTests
{
    private const string Log =
        "epoch 1 \u001b[32mloss\u001b[0m 1.9\nepoch 2 loss 1.8\n  5%\r 50%\r100%\nbell \a\n";

    [Theory]
    [InlineData(80, 24)]
    [InlineData(140, 40)]
    [InlineData(300, 80)]
    public void A_search_matches_its_golden_file(int width, int height)
    {
        var stage = Opened(width, height, OutputChoice.All[0])
            .Press("/")
            .Type("loss")
            .Press("Enter N");
        Golden.Verify($"search-{width}x{height}", stage.Text);
    }

    [Fact]
    public void The_screen_requests_the_end_and_follows()
    {
        var stage = Opened();
        var asked = Assert.Single(_asked);
        Assert.Equal((7L, true, OutputStream.Stdout), (asked.Jid, asked.Follow, asked.Stream));
        Assert.True(asked.TailLines > 0);
        Assert.Contains("following", stage.Text);
        Assert.DoesNotContain("following", stage.Press("k").Window.Top.Aside);
        Assert.Contains("following", stage.Press("G").Window.Top.Aside);
    }

    [Fact]
    public void Lines_are_selected_from_the_top_of_the_screen_and_copied()
    {
        var stage = Opened().Press("v j");
        Assert.Contains("2 lines selected", stage.Text);
        stage.Press("y");
        var copied = Assert.Single(stage.Window.Effects.OfType<Effect.Copy>());
        Assert.Equal(2, copied.Text.Split('\n').Length);
        Assert.StartsWith("epoch", copied.Text);
        Assert.DoesNotContain("selected", stage.Text);
    }

    [Theory]
    [InlineData("a\tb\n", "a       b", "a\tb")]
    [InlineData("\e]0;t\n", "^[]0;t", "\e]0;t")]
    [InlineData("\e[32mgreen\e[0m\r\n", "green", "\e[32mgreen\e[0m")]
    [InlineData(" 5%\r\t50%\r100%\n", "100%    50%", " 5%\r\t50%\r100%")]
    [InlineData("5%\r50%\r100%\n", "100%", "100%")]
    public void Copied_lines_are_what_the_job_wrote(string wrote, string shown, string copied)
    {
        var stage = new UiHarness();
        stage.Cloud.Output = _ =>
            [
                new()
                {
                    Jid = 7,
                    Attempt = 1,
                    Data = ByteString.CopyFromUtf8("first\n" + wrote),
                },
            ];
        stage.Window.Open(new OutputScreen(stage.Window, new Jid(7), OutputChoice.All[1]));
        stage.Advance(TimeSpan.Zero);
        Assert.Contains(shown.TrimEnd(), stage.Text);
        stage.Press("v j y").Advance(TimeSpan.Zero);
        Assert.Equal(new Effect.Copy($"first\n{copied}"), stage.Window.Effects.Dequeue());
    }

    [Fact]
    public void A_line_whose_bytes_are_gone_is_copied_as_shown()
    {
        var stage = Opened();
        stage.Cloud.Output = _ => [];
        stage.Press("v y").Advance(TimeSpan.Zero);
        Assert.Equal(new Effect.Copy("epoch 1 loss 1.9"), stage.Window.Effects.Dequeue());
    }

    [Fact]
    public void Merged_streams_are_labelled()
    {
        var text = Opened(choice: OutputChoice.All[0]).Text;
        Assert.Contains("out epoch 1", text);
        Assert.Contains("err epoch 1", text);
    }

    [Fact]
    public void A_key_steps_through_the_streams()
    {
        var stage = Opened();
        foreach (
            var stream in new[] { OutputStream.Stderr, OutputStream.Logging, OutputStream.Syslog }
        )
        {
            stage.Press("o");
            Assert.Equal(stream, _asked[^1].Stream);
        }
        stage.Cloud.Answer = _ => new JobDetail { Pilog = "submitted by alice\n" };
        stage.Press("o").Advance(TimeSpan.Zero);
        Assert.Equal(["pilog"], ((InfoRequest)stage.Cloud.Requests[^1]).Items);
        Assert.Contains("submitted by alice", stage.Text);
    }

    [Fact]
    public void A_gigabyte_of_output_is_paged_from_its_end_to_its_start()
    {
        const long lines = 100_000_000;
        var stage = Opened(whole: lines);
        Assert.Contains("line 99999999", stage.Text);
        stage.Press("g").Advance(TimeSpan.Zero).Advance(TimeSpan.Zero);
        Assert.Contains("line 00000000\n", stage.Text);
        Assert.All(_asked.Skip(1), r => Assert.False(r.Follow));
        stage.Press("G").Advance(TimeSpan.Zero);
        Assert.Contains("line 99999999", stage.Text);
        Assert.True(_asked[^1].Follow);
    }

    [Fact]
    public void Scrolling_up_from_the_end_fetches_the_previous_page()
    {
        var stage = Opened(whole: 1_000_000);
        for (var i = 0; i < 300; i++)
            stage.Press("^B");
        Assert.Contains(_asked, r => !r.Follow && r.Offset > 0);
        Assert.Matches("line 009[0-9]{5}\n", stage.Text);
        Assert.DoesNotContain("line 00999999", stage.Text);
    }

    private const int ManyLines = 120_000;

    [Fact]
    public void A_search_covers_the_whole_output_and_Enter_jumps()
    {
        var stage = Searched("line 0006000");
        Assert.Contains("10 matches", stage.Text);
        Assert.DoesNotContain("line 00060009", stage.Text);

        stage.Press("Enter").Advance(TimeSpan.Zero);
        Assert.Contains("line 00060009\n", stage.Text);
        Assert.Contains("match 10 of 10", stage.Text);

        stage.Press("n");
        Assert.Contains("match 1 of 10", stage.Text);
        Assert.Contains("continued from the start", stage.Text);
        stage.Press("N N");
        Assert.Contains("match 9 of 10", stage.Text);
        Assert.Contains("line 00060008\n", stage.Text);
    }

    [Fact]
    public void Matches_far_apart_are_visited_in_order()
    {
        var stage = Opened(whole: ManyLines).Press("g");
        Shows(stage, "line 00000000\n");
        stage.Press("/").Type("5000").Press("Enter");
        Shows(stage, "match 1 of ");
        Shows(stage, "line 00005000\n");
        stage.Press("n");
        Shows(stage, "line 00015000\n");
        stage.Press("N N");
        Shows(stage, "line 00115000\n");
        Shows(stage, "continued from the end");
    }

    [Fact]
    public void Only_the_matching_lines_of_the_whole_output_are_shown()
    {
        var stage = Searched("7777").Press("Enter & g").Advance(TimeSpan.Zero);
        stage.Advance(TimeSpan.Zero);
        Assert.Contains(" line 00007777\n line 00017777\n line 00027777\n", stage.Text);
        Assert.Contains("of 21", stage.Text);
        stage.Press("n &").Advance(Moment);
        Assert.Contains("line 00007778", stage.Advance(Moment).Text);
    }

    [Fact]
    public void A_regular_expression_is_searched_and_an_invalid_one_is_explained()
    {
        var stage = Searched("line 0+777[0-2]$", key: "~");
        Assert.Contains("3 matches", stage.Text);
        stage.Press("Enter").Advance(Moment);
        Assert.Contains("line 00007772\n", stage.Advance(Moment).Text);
        stage.Press("Esc ~").Type("a(");
        Assert.Contains("a ')' is missing", stage.Text);
    }

    [Fact]
    public void Until_a_search_is_whole_it_says_of_how_much()
    {
        var stage = Opened(whole: ManyLines);
        stage.Cloud.Searches = false;
        stage.Press("/").Type("7777").Advance(Moment);
        Assert.Contains("0 matches in 0% searched", stage.Text);
        stage.Press("Enter &");
        Assert.Contains("Searching…", stage.Text);
    }

    [Fact]
    public void Two_streams_are_loaded_whole_and_then_searched()
    {
        var stage = Opened(choice: OutputChoice.All[0], whole: ManyLines / 2);
        stage.Press("/").Type("line 00030000");
        for (var i = 0; i < 20 && !stage.Text.Contains("2 matches   "); i++)
            stage.Advance(Moment);
        Assert.Contains("2 matches", stage.Text);
        Assert.DoesNotContain("in the lines loaded", stage.Text);
        stage.Press("Enter").Advance(Moment);
        Assert.Contains("line 00030000\n", stage.Text);
    }

    [Fact]
    public void Two_short_streams_go_to_their_start()
    {
        var stage = Opened(choice: OutputChoice.All[0], whole: 20_000);
        stage.Press("g");
        for (var i = 0; i < 20 && !stage.Text.Contains("line 00000000"); i++)
            stage.Advance(Moment);
        Assert.Contains("out line 00000000\n", stage.Text);
    }

    [Fact]
    public void One_of_two_streams_that_are_too_large_together_is_shown_from_its_start()
    {
        var stage = Opened(choice: OutputChoice.All[0], whole: 10_000_000);
        stage.Press("g").Advance(Moment);
        Assert.Contains(" line 00000000\n", stage.Advance(Moment).Text);
        Assert.Equal("stdout", stage.Window.Top.Aside);
    }

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    // What is not held arrives some ticks later.
    private static void Shows(UiHarness stage, string text)
    {
        for (var i = 0; i < 20 && !stage.Text.Contains(text); i++)
            stage.Advance(Moment);
        Assert.Contains(text, stage.Text);
    }

    // A long stream, and what a search of it finds.
    private UiHarness Searched(string text, string key = "/") =>
        Opened(whole: ManyLines).Press(key).Type(text).Advance(Moment);

    [Fact]
    public void Dropped_output_is_marked_in_place()
    {
        var stage = new UiHarness(100, 30);
        stage.Cloud.Output = _ =>
            [
                new()
                {
                    Jid = 7,
                    Attempt = 1,
                    Offset = 2_048,
                    Dropped = 2_048,
                    DroppedWhy = "output limit",
                    Data = ByteString.CopyFromUtf8("rest\n"),
                },
            ];
        stage.Window.Open(new OutputScreen(stage.Window, new Jid(7), OutputChoice.All[1]));
        Assert.Contains("── 2 KiB before this were dropped: output limit ──", stage.Text);
    }

    [Fact]
    public void A_refusal_is_shown_in_place()
    {
        var stage = new UiHarness(100, 30);
        stage.Cloud.Answer = _ => new Refusal { Message = "Job 7 was deleted." };
        stage.Window.Open(new OutputScreen(stage.Window, new Jid(7), OutputChoice.All[5]));
        stage.Advance(TimeSpan.Zero);
        Assert.Contains("Job 7 was deleted.", stage.Text);
    }

    [Fact]
    public async Task Saving_writes_the_whole_stream_not_only_what_is_shown()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("jc-").FullName, "out");
        var stage = Opened(whole: 10_000).Press("^S ^U").Type(path).Press("Enter");
        await Testing.Eventually.HoldsAsync(
            () => stage.Advance(TimeSpan.Zero).Text.Contains("Saved"),
            "the file is written"
        );
        Assert.Equal(140_000, new FileInfo(path).Length);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void The_visible_lines_are_copied()
    {
        var stage = Opened().Press("y");
        var copy = Assert.Single(stage.Window.Effects.OfType<Effect.Copy>());
        Assert.Equal("epoch 1 \e[32mloss\e[0m 1.9\nepoch 2 loss 1.8\n100%\nbell \a", copy.Text);
    }

    private readonly List<OutputRequest> _asked = [];

    /// <param name="whole">The number of lines of 14 bytes each; 0: a short log.</param>
    private UiHarness Opened(
        int width = 140,
        int height = 40,
        OutputChoice? choice = null,
        long whole = 0
    )
    {
        var stage = new UiHarness(width, height);
        stage.Cloud.Output = request =>
        {
            _asked.Add(request);
            return whole > 0 ? Lines(request, whole) : Short();
        };
        stage.Window.Open(
            new OutputScreen(stage.Window, new Jid(7), choice ?? OutputChoice.All[1])
        );
        stage.Advance(TimeSpan.Zero);
        return stage;
    }

    private static IEnumerable<OutputChunk> Short() =>
        [
            new()
            {
                Jid = 7,
                Attempt = 1,
                Data = ByteString.CopyFromUtf8(Log),
            },
        ];

    // `line 00000017` and so on, a thousand lines per chunk, as a node would send them.
    private static IEnumerable<OutputChunk> Lines(OutputRequest request, long whole)
    {
        const int length = 14;
        var line =
            request.TailLines > 0
                ? Math.Max(0, whole - request.TailLines)
                : request.Offset / length;
        var skip = request.TailLines > 0 ? 0 : (int)(request.Offset % length);
        while (line < whole)
        {
            var text = new StringBuilder();
            var offset = line * length + skip;
            for (var i = 0; i < 1_000 && line < whole; i++)
                text.Append($"line {line++:00000000}\n");
            var data = ByteString.CopyFromUtf8(text.ToString()[skip..]);
            skip = 0;
            yield return new()
            {
                Jid = 7,
                Attempt = 1,
                Offset = offset,
                Data = data,
            };
        }
        yield return new()
        {
            Jid = 7,
            Attempt = 1,
            End = true,
        };
    }
}
