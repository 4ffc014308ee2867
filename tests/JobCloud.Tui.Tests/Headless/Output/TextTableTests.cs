using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Tests.Headless.Output;

public sealed class TextTableTests
{
    private static string Table(string[]? heading, int width, params string[][] rows)
    {
        var writer = new StringWriter();
        var cells = rows.Select(row => Array.ConvertAll(row, TableCell.Of));
        TextTable.Write(writer, heading, cells, width);
        return writer.ToString();
    }

    [Fact]
    public void Columns_are_as_wide_as_their_longest_cell()
    {
        Assert.Equal(
            "a     long heading\nlong  1\nb     2\n",
            Table(["a", "long heading"], 0, ["long", "1"], ["b", "2"])
        );
    }

    [Fact]
    public void A_cell_of_several_lines_shows_the_first_line()
    {
        Assert.Equal(
            "one ...  x\ntwo      y\n",
            Table(null, 0, ["one\nmore", "x"], ["two\n\n", "y"])
        );
    }

    [Fact]
    public void Control_characters_are_replaced()
    {
        Assert.Equal("a\uFFFD[31mb c\n", Table(null, 0, ["a\u001b[31mb\tc"]));
    }

    [Fact]
    public void Lines_are_truncated_at_the_width()
    {
        Assert.Equal(
            "1  lon…\n2  short\n"[..8] + "2  sho…\n",
            Table(null, 7, ["1", "longer"], ["2", "shorter"])
        );
    }

    [Fact]
    public void Lines_have_no_trailing_spaces()
    {
        Assert.Equal("a  b\nc\n", Table(["a", "b"], 0, ["c", ""]));
    }
}
