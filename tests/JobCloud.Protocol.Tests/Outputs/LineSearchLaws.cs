using System.Text;
using FsCheck.Xunit;
using JobCloud.Protocol.Outputs;

namespace JobCloud.Protocol.Tests.Outputs;

public class LineSearchLaws
{
    [Property(MaxTest = 300)]
    public void The_matches_are_those_of_the_whole_lines_whatever_the_chunk_sizes(
        byte[] dice,
        byte chunk
    )
    {
        var text = string.Concat(dice.Select(die => "ab\n\r"[die % 4]));
        var found = Found("ab", isRegex: false, text, chunk % 9 + 1);

        Assert.Equal(Expected(text, line => line.Contains("ab")), found);
    }

    [Fact]
    public void An_offset_and_a_number_name_the_line()
    {
        var found = Found("Two", isRegex: false, "one\ntwo\nTwo\n\nTwo", 3);
        Assert.Equal([(3, 8, "Two"), (5, 13, "Two")], found);
    }

    [Theory]
    [InlineData("error", false, "an ERROR", true)]
    [InlineData("Error", false, "an ERROR", false)]
    [InlineData("exit [1-9]$", true, "EXIT 4\r", true)]
    [InlineData("exit [1-9]$", false, "exit 4", false)]
    [InlineData(@"\S+ E", true, "an error", false)]
    [InlineData(@"\S+ e", true, "an ERROR", true)]
    [InlineData(@"\p{Lu}x", true, "AX", true)]
    [InlineData("red text", false, "\e[31mred\e[0m text", true)]
    [InlineData("[31m", false, "\e[31mred", false)]
    [InlineData("x[", false, "x\e[", false)]
    [InlineData("ünï", false, "ÜNÏ", true)]
    public void A_line_is_searched_as_it_is_shown(
        string pattern,
        bool isRegex,
        string line,
        bool matches
    ) => Assert.Equal(matches, Found(pattern, isRegex, line + "\n", 100).Count == 1);

    [Fact]
    public void A_line_over_the_limit_is_searched_in_pieces_and_counted_once()
    {
        var text = new string('x', 3 * LineSearch.MaxLineBytes) + "end\nxx\n";
        var search = new LineSearch(Pattern("x"), 0);
        var found = new List<(long Line, long Offset)>();
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(10_000))
            search.Add(part, match => found.Add((match.Line, match.Offset)));

        Assert.Equal([(1, 0), (2, text.Length - 3)], found);
        Assert.Equal((2, 2, text.Length), (search.Lines, search.Count, search.Searched));
        Assert.Single(Found("end", isRegex: false, text, 10_000));
        Assert.Empty(Found("^$", isRegex: true, text, 10_000));
    }

    [Fact]
    public void A_line_that_has_not_ended_is_searched_when_the_stream_ends()
    {
        var search = new LineSearch(Pattern("a"), 100);
        var found = new List<MatchingLine>();
        search.Add("a\na"u8.ToArray(), found.Add);
        Assert.Equal(100, Assert.Single(found).Offset);
        search.Finish(found.Add);
        search.Finish(found.Add);
        Assert.Equal((2, 102), (found.Count, found[^1].Offset));
        search.MoveTo(200, found.Add);
        search.Add("a\n"u8.ToArray(), found.Add);
        Assert.Equal((3L, 200L), (found[^1].Line, found[^1].Offset));
    }

    [Theory]
    [InlineData("", false, "needs a pattern")]
    [InlineData("a(", true, "a ')' is missing at character 2 of 'a('")]
    [InlineData("[a", true, "a ']' is missing")]
    [InlineData("a**", true, "a repetition follows another")]
    [InlineData("*a", true, "nothing precedes the repetition")]
    [InlineData(@"(a)\1", true, "a back-reference")]
    [InlineData("(?=a)", true, "has a lookaround")]
    [InlineData("((a{1000}){1000}){1000}", true, "repeats too much")]
    public void An_unusable_pattern_is_refused_with_the_reason(
        string pattern,
        bool isRegex,
        string reason
    ) => Assert.Contains(reason, LinePattern.Parse(pattern, isRegex).Error!.Message);

    [Fact]
    public void A_pattern_has_a_maximum_length() =>
        Assert.False(LinePattern.Parse(new string('a', LinePattern.MaxLength + 1), false).Ok);

    [Fact]
    public void An_expression_that_would_backtrack_for_years_takes_no_time()
    {
        var text = new string('a', 100_000) + "!\n";
        Assert.Empty(Found("(a+)+$", isRegex: true, text, 1 << 20));
    }

    [Fact]
    public void The_places_of_a_pattern_do_not_overlap_and_are_not_empty()
    {
        Assert.Equal([(0, 2), (2, 2)], Pattern("aa").Places("aaaaa"));
        Assert.Equal([(1, 2), (4, 1)], Pattern("b*", isRegex: true).Places("abbab"));
    }

    private static LinePattern Pattern(string text, bool isRegex = false) =>
        LinePattern.Parse(text, isRegex).Value!;

    private static List<(long, long, string)> Found(
        string pattern,
        bool isRegex,
        string text,
        int chunk
    )
    {
        var search = new LineSearch(Pattern(pattern, isRegex), 0);
        var found = new List<(long, long, string)>();
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(chunk))
            search.Add(part, Add);
        search.Finish(Add);
        return found;

        void Add(MatchingLine match) =>
            found.Add((match.Line, match.Offset, Encoding.UTF8.GetString(match.Text.Span)));
    }

    private static List<(long, long, string)> Expected(string text, Func<string, bool> matches)
    {
        var (found, offset) = (new List<(long, long, string)>(), 0L);
        foreach (var (line, index) in text.Split('\n').Select((line, index) => (line, index)))
        {
            if (matches(line))
                found.Add((index + 1, offset, line.EndsWith('\r') ? line[..^1] : line));
            offset += line.Length + 1;
        }
        return found;
    }
}
