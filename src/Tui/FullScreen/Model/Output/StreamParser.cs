using System.Buffers;
using System.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Splits the bytes of a stream into lines, whatever the chunk boundaries: decodes UTF-8
/// and replaces invalid bytes, extracts colours, and makes other control characters
/// visible.</summary>
/// <param name="finished">Called with each complete line.</param>
internal sealed class StreamParser(LineSource source, int lineCharacters, Action<TextLine> finished)
{
    private const int TabStop = 8;
    private const int MaxSequence = 48;
    private const byte Escape = 0x1B;

    private readonly OpenLine _line = new();
    private readonly StringBuilder _sequence = new();
    private readonly byte[] _partial = new byte[4];
    private int _partialLength;
    private bool _hasBegun;
    private Pen _pen = Pen.Plain;
    private long _lineOffset;

    /// <summary>The offset of the first byte not decoded yet.</summary>
    public long Offset { get; private set; }

    /// <summary>The offset of the next byte to append.</summary>
    public long Expected => Offset + _partialLength;

    /// <summary>The offset of the first byte of the incomplete line.</summary>
    public long LineOffset => _lineOffset;

    /// <summary>Whether there is an incomplete line.</summary>
    public bool HasOpen => _hasBegun;

    /// <summary>The incomplete line so far.</summary>
    public TextLine Open => _line.ToLine(source, _lineOffset, continued: false);

    /// <summary>Drops the incomplete line; returns its offset.</summary>
    public long Drop()
    {
        _sequence.Clear();
        _line.Clear();
        (_partialLength, _hasBegun) = (0, false);
        return _lineOffset;
    }

    /// <summary>Completes the current line and continues at another offset, or in another
    /// stream.</summary>
    public void MoveTo(long offset)
    {
        if (_partialLength > 0)
            Put(Rune.ReplacementChar.Value);
        _partialLength = 0;
        GiveUpSequence();
        if (_hasBegun)
            Finish(continued: false);
        (_pen, Offset, _lineOffset) = (Pen.Plain, offset, offset);
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var taken = _partialLength > 0 ? CompleteCharacter(data) : Take(data);
            data = data[taken..];
        }
    }

    private int Take(ReadOnlySpan<byte> data)
    {
        if (_sequence.Length > 0)
            return InSequence(data[0]);
        var run = data.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        if (run != 0)
            return Plain(run < 0 ? data : data[..run]);
        return data[0] < 0x80 ? Control(data[0]) : Character(data);
    }

    private int Plain(ReadOnlySpan<byte> run)
    {
        BreakIfFull();
        run = run[..Math.Min(run.Length, lineCharacters - _line.Cursor)];
        _line.Put(run, _pen);
        _hasBegun = true;
        Offset += run.Length;
        return run.Length;
    }

    private int Character(ReadOnlySpan<byte> data)
    {
        if (Rune.DecodeFromUtf8(data, out var rune, out var taken) == OperationStatus.NeedMoreData)
        {
            data.CopyTo(_partial);
            _partialLength = data.Length;
            return data.Length;
        }
        Put(Shown(rune));
        Offset += taken;
        return taken;
    }

    /// <summary>Continues a character that the last chunk cut.</summary>
    private int CompleteCharacter(ReadOnlySpan<byte> data)
    {
        _partial[_partialLength] = data[0];
        var status = Rune.DecodeFromUtf8(
            _partial.AsSpan(0, _partialLength + 1),
            out var rune,
            out var taken
        );
        if (status == OperationStatus.NeedMoreData)
        {
            _partialLength++;
            return 1;
        }
        // If the character is invalid, the new byte may start another one.
        var used = taken - _partialLength;
        _partialLength = 0;
        Put(Shown(rune));
        Offset += taken;
        return used;
    }

    private int Control(byte code)
    {
        switch (code)
        {
            case (byte)'\n':
                Offset++;
                Finish(continued: false);
                return 1;
            case (byte)'\r':
                _line.Return();
                break;
            case (byte)'\b':
                _line.Back();
                break;
            case (byte)'\t':
                BreakIfFull();
                _line.Tab(TabStop);
                break;
            case Escape:
                _sequence.Append((char)code);
                break;
            default:
                Put('^');
                Put(code ^ 0x40);
                break;
        }
        _hasBegun = true;
        Offset++;
        return 1;
    }

    /// <summary>A control sequence (ECMA-48, 5.4): only colours and erasing the line are
    /// executed.</summary>
    private int InSequence(byte code)
    {
        var opens = _sequence.Length == 1;
        var fits = opens ? code == '[' : code is >= 0x20 and <= 0x7E;
        if (!fits || _sequence.Length > MaxSequence)
        {
            GiveUpSequence();
            return 0;
        }
        _sequence.Append((char)code);
        if (!opens && code >= 0x40)
            ExecuteSequence();
        Offset++;
        return 1;
    }

    private void ExecuteSequence()
    {
        var text = _sequence.ToString();
        var parameters = text.AsSpan(2, text.Length - 3);
        if (parameters.ContainsAnyExcept("0123456789;:") || text[^1] is not ('m' or 'K'))
        {
            GiveUpSequence();
            return;
        }
        _sequence.Clear();
        if (text[^1] == 'm')
            _pen = Sgr.Apply(_pen, parameters);
        else
            _line.Erase(
                parameters is "1" ? 1
                : parameters is "2" ? 2
                : 0
            );
    }

    /// <summary>Shows a sequence that is not executed as text.</summary>
    private void GiveUpSequence()
    {
        for (var i = 0; i < _sequence.Length; i++)
        {
            if (_sequence[i] != Escape)
            {
                Put(_sequence[i]);
                continue;
            }
            Put('^');
            Put('[');
        }
        _sequence.Clear();
    }

    private static int Shown(Rune rune) =>
        Rune.IsControl(rune) ? Rune.ReplacementChar.Value : rune.Value;

    private void Put(int rune)
    {
        BreakIfFull();
        _line.Put(rune, _pen);
        _hasBegun = true;
    }

    private void BreakIfFull()
    {
        if (_line.Cursor >= lineCharacters)
            Finish(continued: true);
    }

    private void Finish(bool continued)
    {
        finished(_line.ToLine(source, _lineOffset, continued));
        _line.Clear();
        _lineOffset = Offset;
        _hasBegun = false;
    }
}
