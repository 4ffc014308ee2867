using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Tests.Text;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain text, ümlaut, 漢字, 👍🏽, 👩\u200D💻\n\ttwo lines", null)]
    [InlineData("\e[31mred\a", "\uFFFD[31mred\uFFFD")]
    [InlineData("a\u009b2Jb\u007f\0\r", "a\uFFFD2Jb\uFFFD\uFFFD\uFFFD")]
    [InlineData("exe.\u202Egnp\u2066\u200F\u061C", "exe.\uFFFDgnp\uFFFD\uFFFD\uFFFD")]
    [InlineData("a\u200Bb\uFEFFc\u00ADd\u2028e", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe")]
    [InlineData("tag \U000E0041", "tag \uFFFD")]
    public void Characters_that_control_hide_or_reorder_are_replaced(string text, string? visible)
    {
        Assert.Equal(visible ?? text, VisibleText.Of(text));
        Assert.Equal(visible is null && !text.Contains('\n'), VisibleText.IsVisible(text));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        Assert.Equal("a\uFFFDb", VisibleText.Of("a\ud83db"));
        Assert.Equal("a\uFFFD", VisibleText.Of("a\udc4d"));
    }

    [Property]
    public void The_result_has_nothing_hidden_but_line_ends_and_tabs(char[] characters)
    {
        var visible = VisibleText.Of(new string(characters));
        Assert.True(VisibleText.IsVisible(visible.Replace("\n", "").Replace("\t", "")));
        Assert.Equal(visible, VisibleText.Of(visible));
    }

    [Fact]
    public void Every_character_of_a_hidden_category_is_replaced()
    {
        foreach (var value in Enumerable.Range(0, 0x110000).Where(Rune.IsValid))
        {
            var rune = new Rune(value);
            var isHidden =
                Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                && value is not (0x200C or 0x200D or '\n' or '\t');
            Assert.Equal(isHidden ? "\uFFFD" : rune.ToString(), VisibleText.Of(rune.ToString()));
        }
    }

    [Property]
    public void A_writer_writes_visible_text_by_every_method(char[] characters, int number)
    {
        var text = new string(characters);
        var written = new StringWriter();
        var writer = new VisibleWriter(written);
        writer.Write(text);
        writer.WriteLine(text);
        writer.Write(characters);
        writer.Write(text.AsSpan());
        writer.Write("{0} {1}", text, number);
        writer.WriteLine(new StringBuilder(text));
        writer.Write((object)text);
        foreach (var c in characters)
            writer.Write(c);
        writer.WriteLine();
        var shown = written.ToString().Replace("\n", "").Replace("\t", "");
        Assert.True(VisibleText.IsVisible(shown));
    }
}
