using System.Text;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.FullScreen.Tests.Model.Output;

public sealed class LineLogTests
{
    [Theory]
    [InlineData("one\ntwo\n", "one|two")]
    [InlineData("10%\r20%\r100%\n", "100%")]
    [InlineData("working...\rok\n", "okrking...")]
    [InlineData("working...\r\u001b[Kok\n", "ok")]
    [InlineData("dos\r\n", "dos")]
    [InlineData("ab\bc\n", "ac")]
    [InlineData("a\tb\n", "a       b")]
    [InlineData("bell\a nul\0\n", "bell^G nul^@")]
    [InlineData("\u001b[2J!\n", "^[[2J!")]
    [InlineData("\u001b[31mred\u001b[0m\n", "red")]
    [InlineData("cut", "cut")]
    public void Lines_look_as_on_a_terminal(string output, string lines) =>
        Assert.Equal(lines, string.Join('|', Read(output).Select(l => l.Text)));

    [Fact]
    public void Invalid_UTF_8_is_replaced()
    {
        var log = new LineLog(new());
        log.Append(LineSource.First, 0, [0x61, 0xFF, 0xC3, 0x0A]);
        Assert.Equal("a\uFFFD\uFFFD", log[log.First].Text);
    }

    [Fact]
    public void Colours_are_separated_from_the_text()
    {
        var line = Read("a\u001b[1;31mb\u001b[38;2;1;2;3mc\u001b[0md\n").Single();
        Assert.Equal("abcd", line.Text);
        Assert.Equal(
            [
                new PenSpan(1, 1, new Pen(1, Colours.Default, PenStyle.Bold)),
                new PenSpan(2, 1, new Pen(Colours.Rgb(1, 2, 3), Colours.Default, PenStyle.Bold)),
            ],
            line.Spans
        );
    }

    [Fact]
    public void A_line_without_an_end_is_split_and_kept_within_the_limits()
    {
        var limits = new LineLogLimits { Bytes = 1 << 20 };
        var log = new LineLog(limits);
        var part = new byte[1 << 20];
        part.AsSpan().Fill((byte)'x');
        for (var i = 0; i < 16; i++)
            log.Append(LineSource.First, (long)i << 20, part);
        Assert.True(log.Cost <= limits.Bytes);
        Assert.True(log[log.First].Continued);
        Assert.Equal(limits.LineCharacters, log[log.First].Text.Length);
    }

    [Fact]
    public void Skipped_bytes_are_marked_in_place()
    {
        var log = new LineLog(new());
        log.Append(LineSource.First, 0, "one\n"u8);
        log.Append(LineSource.First, 1_028, "two\n"u8);
        Assert.Equal(["one", "1 KiB skipped", "two"], Texts(log));
        Assert.Equal(LineSource.Note, log[log.First + 1].Source);
    }

    [Fact]
    public void Two_streams_are_merged_in_the_order_of_completed_lines()
    {
        var log = new LineLog(new());
        log.Append(LineSource.First, 0, "out "u8);
        log.Append(LineSource.Second, 0, "err\n"u8);
        log.Append(LineSource.First, 4, "more\n"u8);
        Assert.Equal(["err", "out more"], Texts(log));
        Assert.Equal(LineSource.Second, log[log.First].Source);
    }

    [Fact]
    public void Paging_back_beyond_the_limit_drops_the_end_and_records_where()
    {
        var log = new LineLog(new LineLogLimits { Lines = 3 });
        log.Begin(LineSource.First, 4);
        log.Append(LineSource.First, 4, "c\nd\ne\n"u8);
        log.Prepend(OutputPages.Lines(new OutputPage(0, 4), "a\nb\n"u8, 100));
        Assert.Equal(["a", "b", "c"], Texts(log));
        Assert.Equal(6, log.CutAt);
        log.Resume();
        log.Append(LineSource.First, 6, "d\ne\n"u8);
        Assert.Equal(["c", "d", "e"], Texts(log));
        Assert.Equal(4, log.From);
        Assert.Null(log.CutAt);
    }

    private static List<TextLine> Read(string output) =>
        LineLogLaws.Read(new OutputBytes(Encoding.UTF8.GetBytes(output)), new LineLogLimits());

    private static IEnumerable<string> Texts(LineLog log)
    {
        for (var number = log.First; number < log.End; number++)
            yield return log[number].Text;
    }
}
