using System.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Finds what a job wrote for a line: the screen shows tabs as spaces, and control
/// sequences as colours or as text.</summary>
internal static class RawLine
{
    /// <param name="data">Bytes of its stream.</param>
    /// <param name="from">Their offset in the stream.</param>
    /// <returns>Null: the bytes are not those of the line.</returns>
    public static string? Of(TextLine line, ReadOnlySpan<byte> data, long from, int lineCharacters)
    {
        var at = line.Offset - from;
        if (at < 0 || at > data.Length)
            return null;
        var raw = data[(int)at..];
        var end = raw.IndexOf((byte)'\n');
        raw = (end < 0 ? raw : raw[..end]).TrimEnd((byte)'\r');
        var (text, length) = Shown(raw, line.Offset, lineCharacters);
        if (text != line.Text)
            return null;
        raw = raw[..length];
        // Of a line that was written over and over, the last state.
        var last = raw[(raw.LastIndexOf((byte)'\r') + 1)..];
        if (Shown(last, line.Offset, lineCharacters).Text == line.Text)
            raw = last;
        return Encoding.UTF8.GetString(raw);
    }

    // The first line that the bytes give, and how many of them.
    private static (string Text, int Length) Shown(
        ReadOnlySpan<byte> raw,
        long offset,
        int lineCharacters
    )
    {
        var lines = new List<TextLine>();
        var parser = new StreamParser(LineSource.First, lineCharacters, lines.Add);
        parser.MoveTo(offset);
        parser.Append(raw);
        parser.MoveTo(parser.Expected);
        return lines.Count == 0
            ? ("", 0)
            : (lines[0].Text, lines.Count > 1 ? (int)(lines[1].Offset - offset) : raw.Length);
    }
}
