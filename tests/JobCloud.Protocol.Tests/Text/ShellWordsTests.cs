using FsCheck.Xunit;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Text;

[Properties(Arbitrary = [typeof(Generators)], MaxTest = 300)]
public sealed class ShellWordsTests
{
    [Property]
    public void Words_round_trip(Scrap[] scraps)
    {
        var words = scraps.Select(s => s.Text).ToList();
        Assert.Equal(words, ShellWords.Split(ShellWords.Join(words)).Value);
    }

    [Property]
    public void Any_text_splits_into_words_or_an_error_within_it(Scrap scrap)
    {
        var parsed = ShellWords.Split(scrap.Text);
        if (!parsed.Ok)
            Spans.AreWithin(scrap.Text, parsed.Error);
    }

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("  a   b ", "a|b")]
    [InlineData("'a b' c", "a b|c")]
    [InlineData("\"a \\\"b\\\" \\n\"", "a \"b\" \\n")]
    [InlineData("a\\ b", "a b")]
    [InlineData("x'y'\"z\"", "xyz")]
    [InlineData("''", "")]
    public void Quotes_keep_words_together(string text, string words) =>
        Assert.Equal(words, string.Join('|', ShellWords.Split(text).Value!));

    [Theory]
    [InlineData("plain-1.2/x=y", "plain-1.2/x=y")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    [InlineData("~", "'~'")]
    [InlineData("{name}.gz", "{name}.gz")]
    [InlineData("{a,b}", "'{a,b}'")]
    [InlineData("{1..3}", "'{1..3}'")]
    [InlineData("{", "'{'")]
    public void A_word_that_a_shell_would_change_is_quoted(string word, string quoted) =>
        Assert.Equal(quoted, ShellWords.Quote(word));

    [Fact]
    public void An_unterminated_quote_is_an_error() =>
        Assert.Equal("Unterminated quote '; close it.", ShellWords.Split("a 'b").Error!.Message);
}
