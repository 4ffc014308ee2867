using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.FullScreen.Tests.Widgets;

public sealed class CanvasTests
{
    [Theory]
    [InlineData("abc", 5, "abc")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("日本語", 6, "日本語")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("e\u0301te\u0301", 3, "e\u0301te\u0301")]
    [InlineData("a\tb\u001b[0m", 8, "a·b·[0m")]
    public void A_text_is_cut_to_its_width(string text, int room, string shown)
    {
        var grid = new Grid();
        grid.Begin(10, 1).Text(0, 0, text, Ink.Text, room);
        Assert.Equal(shown + "\n", grid.Print());
    }

    [Property]
    public void No_text_controls_the_terminal(char[] characters)
    {
        var grid = new Grid();
        var canvas = grid.Begin(40, 1);
        canvas.Text(0, 0, new string(characters) + "\e[2J\u202E\u009b", Ink.Text);
        canvas.Put(39, 0, "a\u202E", Ink.Text);
        Assert.True(VisibleText.IsVisible(grid.Print().TrimEnd('\n')));
    }

    [Fact]
    public void A_part_does_not_paint_outside_itself()
    {
        var grid = new Grid();
        var part = grid.Begin(6, 3).Part(1, 1, 3, 1);
        part.Text(0, 0, "abcdef", Ink.Text);
        part.Put(-1, 0, 'x', Ink.Text);
        part.Put(0, 1, 'x', Ink.Text);
        part.Part(2, 0, 9, 9).Fill(Ink.Text, '#');
        Assert.Equal("\n ab#\n\n", grid.Print());
    }

    [Fact]
    public void A_tall_sparkline_fills_from_the_bottom()
    {
        var grid = new Grid();
        Sparkline.Paint(grid.Begin(4, 2), [0, 8, 16], Ink.Text, max: 16);
        Assert.Equal("   █\n ▁██\n", grid.Print());
    }

    [Fact]
    public void A_bar_shows_the_share_of_each_status()
    {
        var grid = new Grid();
        StatusBar.Paint(grid.Begin(10, 1), [0, 0, 5, 1, 4, 0, 0, 0]);
        Assert.Equal("████▒░░░░░\n", grid.Print());
    }

    [Theory]
    [InlineData(0, "0s", "0s")]
    [InlineData(59, "59s", "59s")]
    [InlineData(247, "4m07", "4m")]
    [InlineData(3_725, "1h02", "1h")]
    [InlineData(183_600, "2d03", "2d")]
    [InlineData(10_000_000, "115d", "115d")]
    public void Durations_are_printed_short(long seconds, string text, string coarse)
    {
        Assert.Equal(text, Ages.Print(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(coarse, Ages.Coarse(TimeSpan.FromSeconds(seconds)));
    }
}
