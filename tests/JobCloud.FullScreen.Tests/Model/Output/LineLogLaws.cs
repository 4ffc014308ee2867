using FsCheck.Xunit;
using JobCloud.Protocol.Outputs;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.FullScreen.Tests.Model.Output;

[Properties(Arbitrary = [typeof(OutputGenerators)], MaxTest = 300)]
public sealed class LineLogLaws
{
    private static readonly LineLogLimits Narrow = new() { LineCharacters = 16 };

    [Property]
    public void Lines_do_not_depend_on_chunk_boundaries(OutputBytes bytes, int[] cuts)
    {
        var whole = new LineLog(Narrow);
        whole.Append(LineSource.First, 0, bytes.Data);
        var cut = new LineLog(Narrow);
        var at = 0;
        foreach (var length in cuts.Select(c => Math.Abs(c % 7)).Append(bytes.Data.Length))
        {
            var part = bytes.Data.AsSpan(at, Math.Min(length, bytes.Data.Length - at));
            cut.Append(LineSource.First, at, part);
            at += part.Length;
        }
        Assert.Equal(Lines(whole), Lines(cut));
        whole.Finish(LineSource.First);
        cut.Finish(LineSource.First);
        Assert.Equal(Lines(whole), Lines(cut));
        Assert.Equal(bytes.Data.Length, cut.Expected(LineSource.First));
    }

    [Property]
    public void Lines_contain_no_control_characters(OutputBytes bytes) =>
        Assert.DoesNotContain(Read(bytes, Narrow), line => line.Text.Any(char.IsControl));

    [Property]
    public void Repeated_bytes_are_shown_once(OutputBytes bytes, int from)
    {
        var log = new LineLog(Narrow);
        log.Append(LineSource.First, 0, bytes.Data);
        var expected = Lines(log);
        var again = bytes.Data.Length == 0 ? 0 : Math.Abs(from % bytes.Data.Length);
        log.Append(LineSource.First, again, bytes.Data.AsSpan(again));
        Assert.Equal(expected, Lines(log));
    }

    [Property]
    public void A_log_stays_within_its_limits_and_holds_the_newest_lines(
        OutputBytes bytes,
        byte limit
    )
    {
        var all = Read(bytes, Narrow);
        var limits = Narrow with { Lines = 1 + limit % 10, Bytes = 2_000 };
        var log = new LineLog(limits);
        log.Append(LineSource.First, 0, bytes.Data);
        log.Finish(LineSource.First);
        var held = log.Complete - log.First;
        Assert.True(held <= limits.Lines);
        Assert.True(log.Cost <= limits.Bytes || held == 1);
        Assert.Equal(all.TakeLast((int)held).Select(l => l.Text), Lines(log).Select(l => l.Text));
    }

    [Property]
    public void Prepended_pages_give_the_same_lines(OutputBytes bytes, int at)
    {
        var cut = bytes.Data.Length == 0 ? 0 : Math.Abs(at % bytes.Data.Length);
        // The tail of an output starts at a line, with the default colours.
        cut = bytes.Data.AsSpan(0, cut).LastIndexOf((byte)'\n') + 1;
        var plain = new LineLogLimits();
        var (head, tail) = (bytes.Data[..cut], bytes.Data[cut..]);
        var log = new LineLog(plain);
        log.Begin(LineSource.First, cut);
        log.Append(LineSource.First, cut, tail);
        log.Finish(LineSource.First);
        log.Prepend(OutputPages.Lines(new OutputPage(0, cut), head, plain.LineCharacters));
        Assert.Equal(
            Read(bytes, plain).Select(l => (l.Text, l.Offset)),
            Lines(log).Select(l => (l.Text, l.Offset))
        );
    }

    [Property]
    public void An_incremental_search_finds_what_a_full_scan_finds(OutputBytes bytes, byte step)
    {
        var log = new LineLog(Narrow with { Lines = 12 });
        var pattern = LinePattern.Parse(step % 2 == 0 ? "loss" : "LOSS", false).Value!;
        var index = new MatchIndex(log, pattern);
        var at = 0;
        while (at < bytes.Data.Length)
        {
            var part = bytes.Data.AsSpan(at, Math.Min(1 + step % 50, bytes.Data.Length - at));
            log.Append(LineSource.First, at, part);
            index.Extend(3);
            at += part.Length;
        }
        while (!index.IsWhole)
            index.Extend(2);
        index.Extend(0);
        var comparison =
            step % 2 == 0 ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var expected = Numbers(log).Where(n => log[n].Text.Contains(pattern.Text, comparison));
        Assert.Equal(expected, Enumerable.Range(0, index.Count).Select(i => index[i]));
    }

    internal static List<TextLine> Read(OutputBytes bytes, LineLogLimits limits)
    {
        var log = new LineLog(limits);
        log.Append(LineSource.First, 0, bytes.Data);
        log.Finish(LineSource.First);
        return Lines(log).Select(l => l.Line).ToList();
    }

    private static IEnumerable<long> Numbers(LineLog log)
    {
        for (var number = log.First; number < log.Complete; number++)
            yield return number;
    }

    // Compares by value, including the spans.
    private static List<Shown> Lines(LineLog log)
    {
        var lines = new List<Shown>();
        for (var number = log.First; number < log.End; number++)
            lines.Add(new(log[number]));
        return lines;
    }

    private sealed record Shown(string Text, string Spans, long Offset, bool Continued)
    {
        public Shown(TextLine line)
            : this(line.Text, string.Join(' ', line.Spans), line.Offset, line.Continued) =>
            Line = line;

        internal TextLine Line { get; } = null!;

        public bool Equals(Shown? other) =>
            other is not null
            && (Text, Spans, Offset, Continued)
                == (other.Text, other.Spans, other.Offset, other.Continued);

        public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
    }
}
