using System.Text;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The line that a stream is writing: like a terminal row, with a cursor that carriage
/// return, backspace and tab move.</summary>
internal sealed class OpenLine
{
    private int[] _runes = new int[256];
    private Pen[] _pens = new Pen[256];

    public int Length { get; private set; }

    /// <summary>The position of the next character; may be beyond the end.</summary>
    public int Cursor { get; private set; }

    public void Put(int rune, Pen pen)
    {
        Reach(Cursor + 1);
        (_runes[Cursor], _pens[Cursor]) = (rune, pen);
        Cursor++;
    }

    /// <summary>Puts printable ASCII.</summary>
    public void Put(ReadOnlySpan<byte> ascii, Pen pen)
    {
        Reach(Cursor + ascii.Length);
        for (var i = 0; i < ascii.Length; i++)
            _runes[Cursor + i] = ascii[i];
        _pens.AsSpan(Cursor, ascii.Length).Fill(pen);
        Cursor += ascii.Length;
    }

    public void Return() => Cursor = 0;

    public void Back() => Cursor = Math.Max(0, Cursor - 1);

    /// <summary>Moves to the next multiple of <paramref name="stop"/>.</summary>
    public void Tab(int stop) => Cursor = (Cursor / stop + 1) * stop;

    /// <summary>Erase in Line (ECMA-48, 8.3.41): 0 from the cursor on, 1 up to it, 2 all.</summary>
    public void Erase(int what)
    {
        if (what != 1)
            Length = what == 0 ? Math.Min(Length, Cursor) : 0;
        else
            Blank(0, Math.Min(Length, Cursor + 1));
    }

    public void Clear() => (Cursor, Length) = (0, 0);

    /// <summary>The current contents.</summary>
    public TextLine ToLine(LineSource source, long offset, bool continued)
    {
        var text = new StringBuilder(Length);
        var spans = new List<PenSpan>();
        var start = 0;
        for (var i = 0; i < Length; i++)
        {
            if (i > 0 && _pens[i] != _pens[i - 1])
            {
                Close(spans, start, text.Length, _pens[i - 1]);
                start = text.Length;
            }
            if (_runes[i] < 0x10000)
                text.Append((char)_runes[i]);
            else
                text.Append(new Rune(_runes[i]).ToString());
        }
        if (Length > 0)
            Close(spans, start, text.Length, _pens[Length - 1]);
        return new(text.ToString(), [.. spans], source, offset, continued);
    }

    private static void Close(List<PenSpan> spans, int start, int end, Pen pen)
    {
        if (pen != Pen.Plain)
            spans.Add(new(start, end - start, pen));
    }

    // Columns that the cursor skipped are blank.
    private void Reach(int length)
    {
        if (length > _runes.Length)
        {
            var larger = Math.Max(length, _runes.Length * 2);
            Array.Resize(ref _runes, larger);
            Array.Resize(ref _pens, larger);
        }
        if (Cursor > Length)
            Blank(Length, Cursor);
        Length = Math.Max(Length, length);
    }

    private void Blank(int from, int until)
    {
        _runes.AsSpan(from, until - from).Fill(' ');
        _pens.AsSpan(from, until - from).Fill(Pen.Plain);
    }
}
