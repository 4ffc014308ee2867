using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Tests.Settings;

public sealed class HoconCheckTests
{
    [Theory]
    [InlineData("a = ${HOME}", "line 1: substitutions (\"${\") are not supported")]
    [InlineData("a = 1\nb = ${?X}", "line 2: substitutions (\"${\") are not supported")]
    [InlineData("a {\n b = 1", "line 1: unclosed \"{\"")]
    [InlineData("a = [1, 2", "line 1: unclosed \"[\"")]
    [InlineData("a { b = [1 }", "line 1: unmatched \"}\"")]
    [InlineData("a = 1 }", "line 1: unmatched \"}\"")]
    [InlineData("\n\na = \"x", "line 3: unterminated string")]
    [InlineData("a += 1", "line 1: \"+=\" is not supported; write the whole list")]
    [InlineData("  include \"f\"", "line 1: \"include\" is not supported")]
    public void Text_that_the_parser_would_misread_is_reported_with_its_line(
        string text,
        string error
    ) => Assert.Equal(error, HoconCheck.FindError(text));

    [Theory]
    [InlineData("")]
    [InlineData("a { b = 1 } # ${not read}")]
    [InlineData("a = \"${x} { [ +=\" // }")]
    [InlineData("a = \"say \\\"}\\\"\"")]
    [InlineData("a = \"\"\"two\nlines {\"\"\"")]
    [InlineData("what = include that")]
    public void Valid_text_has_no_error(string text) => Assert.Null(HoconCheck.FindError(text));
}
