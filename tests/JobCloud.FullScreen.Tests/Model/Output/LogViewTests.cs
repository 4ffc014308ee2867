using System.Text;
using JobCloud.Protocol.Outputs;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.FullScreen.Tests.Model.Output;

public sealed class LogViewTests
{
    private readonly LineLog _log = new(new LineLogLimits { Lines = 100 });
    private readonly LogView _view;
    private int _nextLine;

    public LogViewTests()
    {
        _view = new LogView(_log);
        _view.Resize(10, 3);
        Write(20);
    }

    [Fact]
    public void A_new_view_follows_the_end()
    {
        Assert.Equal("17 18 19", Shown());
        Write(1);
        Assert.Equal("18 19 20", Shown());
        Assert.Equal(0, _view.NewBelow);
    }

    [Fact]
    public void A_scrolled_view_keeps_its_rows_and_counts_new_lines()
    {
        _view.Scroll(-2);
        Assert.Equal("15 16 17", Shown());
        Write(90);
        Assert.False(_view.Follows);
        Assert.Equal("15 16 17", Shown());
        Assert.Equal(90, _view.NewBelow);
        _view.ToEnd();
        Assert.Equal("107 108 109", Shown());
    }

    [Fact]
    public void When_visible_lines_are_dropped_the_oldest_remaining_ones_are_shown()
    {
        _view.ToStart();
        Write(100);
        Assert.Equal("20 21 22", Shown());
    }

    [Fact]
    public void Scrolling_stops_at_both_ends()
    {
        _view.Scroll(-100);
        Assert.Equal("0 1 2", Shown());
        _view.Scroll(100);
        Assert.Equal("17 18 19", Shown());
    }

    [Fact]
    public void A_long_line_is_cut_or_wrapped()
    {
        _log.Append(LineSource.First, _log.Expected(LineSource.First), "abcdefghijklmnop\n"u8);
        Assert.Equal("18 19 abcdefghij", Shown());
        _view.ScrollSideways(4);
        Assert.EndsWith("efghijklmn", Shown());
        _view.ToggleWrap();
        Assert.Equal("19 abcdefghij klmnop", Shown());
        _view.Scroll(-1);
        Assert.Equal("18 19 abcdefghij", Shown());
    }

    [Fact]
    public void A_wide_character_is_not_split()
    {
        Assert.Equal([(0, 5), (5, 1)], LogRows.Wrap("日本日本日本", 10));
        Assert.Equal((1, 4), LogRows.Cut("日本日本日本", 2, 9));
    }

    [Fact]
    public void A_search_moves_from_match_to_match()
    {
        Search("1");
        Assert.False(_view.Seek(-1));
        Assert.Equal("match 11 of 11", _view.MatchWords);
        Assert.False(_view.Seek(-1));
        Assert.False(_view.Seek(1));
        Assert.True(_view.Seek(1));
        Assert.Equal("match 1 of 11", _view.MatchWords);
        Assert.Contains("1", Shown().Split(' '));
        Assert.True(_view.Seek(-1));
        Assert.Equal("match 11 of 11", _view.MatchWords);
        Search("never");
        Assert.Null(_view.Seek(1));
    }

    [Fact]
    public void Only_matching_lines_can_be_shown()
    {
        Search("1");
        _view.ToggleOnlyMatches();
        Assert.Equal("17 18 19", Shown());
        _view.ToStart();
        Assert.Equal("1 10 11", Shown());
        _view.Scroll(1);
        Assert.Equal("10 11 12", Shown());
        _view.Search(null);
        Assert.False(_view.OnlyMatches);
    }

    [Fact]
    public void Showing_only_matches_without_any_shows_nothing()
    {
        Search("never");
        _view.ToggleOnlyMatches();
        Assert.Equal("", Shown());
        Write(1);
        Assert.Equal("", Shown());
    }

    [Fact]
    public void Pages_are_fetched_near_the_top_and_where_the_end_was_cut()
    {
        var log = new LineLog(new LineLogLimits { Lines = 10 });
        var view = new LogView(log);
        view.Resize(10, 3);
        log.Begin(LineSource.First, 1_000_000);
        log.Append(LineSource.First, 1_000_000, "a\nb\nc\nd\ne\nf\ng\nh\n"u8);
        Assert.Null(OutputPages.Wanted(log, view));
        view.ToStart();
        Assert.Equal(
            new OutputPage(1_000_000 - OutputPages.Bytes, 1_000_000),
            OutputPages.Wanted(log, view)
        );
        log.Floor = 1_000_000;
        Assert.Null(OutputPages.Wanted(log, view));
        log.Prepend([.. Enumerable.Repeat(new TextLine("x", [], LineSource.First, 999_000), 9)]);
        view.Scroll(8);
        Assert.Equal(
            new OutputPage(1_000_002, 1_000_002 + OutputPages.Bytes),
            OutputPages.Wanted(log, view)
        );
    }

    private void Search(string text) => _view.Search(LinePattern.Parse(text, false).Value);

    private string Shown() => string.Join(' ', _view.Rows().Select(row => row.Text.ToString()));

    private void Write(int lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines; i++)
            text.Append(_nextLine++).Append('\n');
        var at = _log.Expected(LineSource.First);
        _log.Append(LineSource.First, at, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
