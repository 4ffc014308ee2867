using System.Buffers;
using System.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>Makes lines of a stream's bytes, however they are cut: UTF-8 with invalid bytes
/// replaced, colours taken out, other control characters made visible.</summary>
/// <param name="finished">Told each line that is complete.</param>
internal sealed class StreamParser(LineSource source, int lineCharacters, Action<TextLine> finished)
{
    private const int TabStop = 8;
    private const int SequenceMost = 48;
    private const byte Escape = 0x1B;

    private readonly OpenLine _line = new();
    private readonly StringBuilder _sequence = new();
    private readonly byte[] _cut = new byte[4];
    private int _cutLength;
    private bool _hasBegun;
    private Pen _pen = Pen.Plain;
    private long _lineOffset;

    /// <summary>Of the first byte that is not understood yet.</summary>
    public long Offset { get; private set; }

    /// <summary>Of the next byte to be appended.</summary>
    public long Expected => Offset + _cutLength;

    /// <summary>Of the first byte of the line that is not complete.</summary>
    public long LineOffset => _lineOffset;

    /// <summary>Whether a line has begun that is not complete.</summary>
    public bool HasOpen => _hasBegun;

    /// <summary>The line that is not complete, as far as it goes.</summary>
    public TextLine Open => _line.ToLine(source, _lineOffset, continued: false);

    /// <summary>Forgets the line that is not complete; returns where it began.</summary>
    public long Drop()
    {
        _sequence.Clear();
        _line.Clear();
        (_cutLength, _hasBegun) = (0, false);
        return _lineOffset;
    }

    /// <summary>Goes on elsewhere in the stream, or in another one; what has begun is a
    /// line.</summary>
    public void MoveTo(long offset)
    {
        if (_cutLength > 0)
            Put(Rune.ReplacementChar.Value);
        _cutLength = 0;
        GiveUpSequence();
        if (_hasBegun)
            Finish(continued: false);
        (_pen, Offset, _lineOffset) = (Pen.Plain, offset, offset);
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var taken = _cutLength > 0 ? Mend(data) : Take(data);
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
            data.CopyTo(_cut);
            _cutLength = data.Length;
            return data.Length;
        }
        Put(Shown(rune));
        Offset += taken;
        return taken;
    }

    /// <summary>Goes on with a character that the last chunk cut.</summary>
    private int Mend(ReadOnlySpan<byte> data)
    {
        _cut[_cutLength] = data[0];
        var status = Rune.DecodeFromUtf8(
            _cut.AsSpan(0, _cutLength + 1),
            out var rune,
            out var taken
        );
        if (status == OperationStatus.NeedMoreData)
        {
            _cutLength++;
            return 1;
        }
        // Where it is invalid, the new byte may begin something else.
        var used = taken - _cutLength;
        _cutLength = 0;
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
    /// obeyed.</summary>
    private int InSequence(byte code)
    {
        var opens = _sequence.Length == 1;
        var fits = opens ? code == '[' : code is >= 0x20 and <= 0x7E;
        if (!fits || _sequence.Length > SequenceMost)
        {
            GiveUpSequence();
            return 0;
        }
        _sequence.Append((char)code);
        if (!opens && code >= 0x40)
            Obey();
        Offset++;
        return 1;
    }

    private void Obey()
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

    /// <summary>What is not obeyed is shown.</summary>
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
