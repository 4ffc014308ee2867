using System.CommandLine;
using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Tests.Headless.Options;

public sealed class CommandWordsTests
{
    private static readonly Option[] Options =
    [
        Opt.Flag("--flag", "", "-f"),
        Opt.Flag("--other", "", "-g"),
        Opt.Text("--value", "V", "", "-v"),
    ];

    [Theory]
    [InlineData("word", 0)]
    [InlineData("-f word", 1)]
    [InlineData("-v x word", 2)]
    [InlineData("--value x word", 2)]
    [InlineData("--value=x word", 1)]
    [InlineData("-v=x word", 1)]
    [InlineData("-vx word", 1)]
    [InlineData("-fg word", 1)]
    [InlineData("-fgv x word", 2)]
    [InlineData("-fvx word", 1)]
    [InlineData("-v -f word", 2)]
    [InlineData("- word", 0)]
    [InlineData("-f -- -v", 1)]
    [InlineData("-f", 1)]
    [InlineData("-v", 1)]
    [InlineData("", 0)]
    public void The_first_word_is_neither_option_nor_value(string line, int expected)
    {
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(expected, CommandWords.FirstWord(args, 0, Options, out var unknown));
        Assert.Null(unknown);
    }

    [Theory]
    [InlineData("--nosuch word", "--nosuch")]
    [InlineData("-f -x word", "-x")]
    [InlineData("-fx word", "-fx")]
    public void An_unknown_option_is_returned(string line, string expected)
    {
        CommandWords.FirstWord(line.Split(' '), 0, Options, out var unknown);

        Assert.Equal(expected, unknown);
    }
}
