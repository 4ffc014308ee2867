using System.Text;

namespace JobCloud.Protocol.Outputs;

/// <summary>A line that matches.</summary>
/// <param name="Line">Its number; the first line searched is 1.</param>
/// <param name="Offset">The offset of its first byte in the stream.</param>
/// <param name="Text">The line, without its line end.</param>
public readonly record struct MatchingLine(long Line, long Offset, ReadOnlyMemory<byte> Text);

/// <summary>Searches the lines of a stream, whatever the boundaries of its chunks. Colours do not
/// count: a line is searched as it is shown. The bytes in memory are those of one line, at most
/// <see cref="MaxLineBytes"/>; a longer line is searched in pieces of that size.</summary>
public sealed class LineSearch(LinePattern pattern, long offset)
{
    public const int MaxLineBytes = 256 << 10;

    private readonly MemoryStream _line = new();
    private long _start = offset;
    private bool _isCounted;
    private char[] _text = new char[256];

    /// <summary>The offset after the last byte searched.</summary>
    public long Searched { get; private set; } = offset;

    /// <summary>The offset of the line that has not ended, or of the next.</summary>
    public long LineOffset => _start;

    /// <summary>The number of complete lines searched.</summary>
    public long Lines { get; private set; }

    /// <summary>The number of lines that match.</summary>
    public long Count { get; private set; }

    /// <summary>Searches the next bytes.</summary>
    /// <param name="found">Called with each line that matches, once; its text is valid until the
    /// next call.</param>
    public void Add(ReadOnlyMemory<byte> data, Action<MatchingLine> found)
    {
        while (!data.IsEmpty)
        {
            var end = data.Span.IndexOf((byte)'\n');
            var room = MaxLineBytes - (int)_line.Length;
            var taken = Math.Min(end < 0 ? data.Length : end, room);
            var isLine = taken == end;
            if (isLine && Searched == _start)
                Search(data[..taken], found);
            else
                _line.Write(data[..taken].Span);
            Searched += taken;
            data = data[taken..];
            if (isLine)
            {
                EndLine(found);
                Searched++;
                (_start, data) = (Searched, data[1..]);
            }
            else if (_line.Length == MaxLineBytes)
            {
                SearchHeld(found);
            }
        }
    }

    /// <summary>Ends the last line, and continues at another offset.</summary>
    public void MoveTo(long next, Action<MatchingLine> found)
    {
        Finish(found);
        (Searched, _start) = (next, next);
    }

    /// <summary>Ends the last line, although no line end follows it.</summary>
    public void Finish(Action<MatchingLine> found)
    {
        if (Searched > _start)
            EndLine(found);
        _start = Searched;
    }

    private void EndLine(Action<MatchingLine> found)
    {
        SearchHeld(found);
        Lines++;
        _isCounted = false;
    }

    private void SearchHeld(Action<MatchingLine> found)
    {
        if (_line.Length > 0)
            Search(_line.GetBuffer().AsMemory(0, (int)_line.Length), found);
        _line.SetLength(0);
    }

    private void Search(ReadOnlyMemory<byte> line, Action<MatchingLine> found)
    {
        if (line.Length > 0 && line.Span[^1] == '\r')
            line = line[..^1];
        if (_isCounted || !pattern.IsIn(TextOf(line.Span)))
            return;
        _isCounted = true;
        Count++;
        found(new(Lines + 1, _start, line));
    }

    /// <summary>The text of a line, without its control sequences; invalid UTF-8 is
    /// replaced.</summary>
    private ReadOnlySpan<char> TextOf(ReadOnlySpan<byte> line)
    {
        if (_text.Length < line.Length)
            _text = new char[Math.Max(line.Length, Math.Min(2 * _text.Length, MaxLineBytes))];
        var length = Encoding.UTF8.GetChars(line, _text);
        return _text.AsSpan(0, ControlSequences.Remove(_text.AsSpan(0, length)));
    }
}
