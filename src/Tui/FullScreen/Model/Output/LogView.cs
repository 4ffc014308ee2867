using JobCloud.Protocol.Outputs;

namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>The visible part of a log. It follows the end until the user scrolls up; then the rows
/// stay in place while lines are added or removed.</summary>
internal sealed class LogView(LineLog log)
{
    private const int IndexBatch = 20_000;

    private MatchIndex? _index;
    private long _top;
    private int _topRow;
    private long _seen;
    private long? _found;

    public int Width { get; private set; } = 80;
    public int Height { get; private set; } = 24;

    /// <summary>Whether the newest line is kept visible.</summary>
    public bool Follows { get; private set; } = true;
    public bool Wraps { get; private set; }

    /// <summary>Whether only lines with a match are shown.</summary>
    public bool OnlyMatches { get; private set; }

    /// <summary>The number of columns scrolled out at the left.</summary>
    public int Left { get; private set; }

    /// <summary>The pattern whose matches are highlighted.</summary>
    public LinePattern? Pattern { get; private set; }

    /// <summary>The line of the current match; null: none yet.</summary>
    public long? Found => _found;

    /// <summary>The number of lines added since it stopped following.</summary>
    public long NewBelow => Follows ? 0 : log.Appended - _seen;

    /// <summary>The number of lines held above the top of the screen.</summary>
    public long AboveTop => _top - log.First;

    /// <summary>The number of lines held from the top of the screen on.</summary>
    public long BelowTop => log.End - _top;

    /// <summary>The number of the line at the top of the screen.</summary>
    public long Top => _top;

    /// <summary>Whether all lines held have been searched.</summary>
    public bool IsSearched => _index?.IsWhole ?? true;

    /// <summary>The search position in the lines held, such as <c>match 12 of 318</c>; empty
    /// without a search.</summary>
    public string MatchWords
    {
        get
        {
            if (_index is not { } index)
                return "";
            var more = index.IsWhole ? "" : " so far";
            return _found is { } line && index.Before(line) < index.Count
                ? $"match {index.Before(line) + 1} of {index.Count}{more}"
                : $"{index.Count} {(index.Count == 1 ? "match" : "matches")}{more}";
        }
    }

    /// <summary>A view of another log with the same size, search and wrapping, at its
    /// end.</summary>
    public LogView Of(LineLog other)
    {
        var view = new LogView(other) { Wraps = Wraps, Left = Left };
        view.Resize(Width, Height);
        if (_index is not null)
            view.Search(Pattern);
        else
            view.Highlight(Pattern);
        view.OnlyMatches = OnlyMatches;
        return view;
    }

    public void Resize(int width, int height) =>
        (Width, Height) = (Math.Max(1, width), Math.Max(1, height));

    /// <summary>Continues the search; called at each tick. True: the visible rows may have
    /// changed.</summary>
    public bool Tick()
    {
        if (_index is not { IsWhole: false } index)
            return false;
        index.Extend(IndexBatch);
        return true;
    }

    /// <summary>The rows to draw, top to bottom; at most <see cref="Height"/> rows.</summary>
    public List<LogRow> Rows()
    {
        _index?.Extend(0);
        if (Follows)
            (_top, _topRow) = LastTop();
        else
            Settle();
        var rows = new List<LogRow>(Height);
        for (long? at = _top; at is { } number && rows.Count < Height; at = Next(number, 1))
        {
            if (!IsShown(number))
                break;
            foreach (var row in RowsOf(number).Skip(number == _top ? _topRow : 0))
                if (rows.Count < Height)
                    rows.Add(row);
        }
        return rows;
    }

    /// <summary>Scrolls by rows; negative is up, which stops following.</summary>
    public void Scroll(int rows)
    {
        if (rows < 0)
            Hold();
        else if (Follows)
            return;
        Settle();
        for (; rows < 0 && StepUp(); rows++) { }
        for (; rows > 0 && StepDown(); rows--) { }
        var last = LastTop();
        if (rows >= 0 && Compare((_top, _topRow), last) > 0)
            (_top, _topRow) = last;
    }

    public void ScrollSideways(int columns) =>
        Left = Wraps ? 0 : Math.Clamp(Left + columns, 0, 1 << 20);

    /// <summary>Scrolls to the oldest line held.</summary>
    public void ToStart()
    {
        Hold();
        (_top, _topRow) = (log.First, 0);
        Settle();
    }

    /// <summary>Scrolls to the newest line and follows it.</summary>
    public void ToEnd() => Follows = true;

    public void ToggleWrap() => (Wraps, Left, _topRow) = (!Wraps, 0, 0);

    public void ToggleFollow()
    {
        if (Follows)
            Hold();
        else
            ToEnd();
    }

    /// <summary>Highlights matches; null: none.</summary>
    public void Highlight(LinePattern? pattern) =>
        (Pattern, _index, _found, OnlyMatches) = (pattern, null, null, false);

    /// <summary>Searches the lines held; null ends the search.</summary>
    public void Search(LinePattern? pattern)
    {
        (Pattern, _found) = (pattern, null);
        _index = pattern is not null ? new MatchIndex(log, pattern) : null;
        OnlyMatches &= _index is not null;
        _index?.Extend(IndexBatch);
    }

    public void ToggleOnlyMatches() => OnlyMatches = !OnlyMatches && _index is not null;

    /// <summary>Moves to the next match below (1) or above (-1), with wrap-around.</summary>
    /// <returns>Whether it wrapped around; null: nothing matches.</returns>
    public bool? Seek(int direction)
    {
        _index?.Extend(IndexBatch);
        if (_index is not { Count: > 0 } index)
            return null;
        var from = _found ?? (Follows ? log.End : _top - (direction > 0 ? 1 : 0));
        var at = direction > 0 ? index.Before(from + 1) : index.Before(from) - 1;
        var isOutside = at < 0 || at >= index.Count;
        if (isOutside)
            at = direction > 0 ? 0 : index.Count - 1;
        Mark(index[at]);
        return isOutside;
    }

    /// <summary>Makes a line the current match, and shows it.</summary>
    public void Mark(long line)
    {
        Hold();
        _found = line;
        Reveal(line);
    }

    /// <summary>Shows what precedes the top line too.</summary>
    public void ShowContext() => Scroll(-Height / 3);

    /// <summary>Scrolls to a line if it is not visible.</summary>
    public void Reveal(long line)
    {
        Hold();
        if (Rows().Any(row => row.Number == line))
            return;
        (_top, _topRow) = (line, 0);
        Scroll(-Height / 3);
    }

    /// <summary>The shown line below (1) or above (-1) another; null: there is none.</summary>
    public long? Beside(long line, int direction) => Next(line, direction);

    /// <summary>The lines of a range that are shown and still held.</summary>
    public IEnumerable<TextLine> Between(long first, long last)
    {
        for (var line = Math.Max(first, log.First); line <= last && line < log.End; line++)
            if (IsShown(line))
                yield return log[line];
    }

    /// <summary>The lines of which a part is visible.</summary>
    public IEnumerable<TextLine> Shown() => Rows().Select(r => r.Line).Distinct();

    private void Hold()
    {
        if (!Follows)
            return;
        (_top, _topRow) = LastTop();
        (Follows, _seen) = (false, log.Appended);
    }

    private IEnumerable<LogRow> RowsOf(long number)
    {
        var line = log[number];
        if (!Wraps)
        {
            var (start, length) = LogRows.Cut(line.Text, Left, Width);
            return [new(number, line, start, length)];
        }
        return LogRows
            .Wrap(line.Text, Width)
            .Select(p => new LogRow(number, line, p.Start, p.Length));
    }

    private int HeightOf(long number) => Wraps ? LogRows.Wrap(log[number].Text, Width).Count : 1;

    // The top of the screen at which the newest row is at the bottom.
    private (long Line, int Row) LastTop()
    {
        var (line, rows) = (Newest(), 0);
        while (line is { } number)
        {
            rows += HeightOf(number);
            if (rows >= Height)
                return (number, rows - Height);
            if (Next(number, -1) is not { } above)
                return (number, 0);
            line = above;
        }
        return (log.First, 0);
    }

    // Moves the top to a line that is shown.
    private void Settle()
    {
        if (OnlyMatches && _index is { Count: > 0 } index)
        {
            var at = Math.Min(index.Before(_top), index.Count - 1);
            if (index[at] != _top)
                (_top, _topRow) = (index[at], 0);
        }
        else if (_top < log.First)
            (_top, _topRow) = (log.First, 0);
        else if (_top >= log.End)
            (_top, _topRow) = LastTop();
    }

    private bool StepUp()
    {
        if (_topRow > 0)
        {
            _topRow--;
            return true;
        }
        if (Next(_top, -1) is not { } above)
            return false;
        (_top, _topRow) = (above, HeightOf(above) - 1);
        return true;
    }

    private bool StepDown()
    {
        if (IsShown(_top) && _topRow + 1 < HeightOf(_top))
        {
            _topRow++;
            return true;
        }
        if (Next(_top, 1) is not { } below)
            return false;
        (_top, _topRow) = (below, 0);
        return true;
    }

    private bool IsShown(long number) =>
        number >= log.First
        && number < log.End
        && (!OnlyMatches || (_index is { Count: > 0 } index && IsMatch(index, number)));

    private static bool IsMatch(MatchIndex index, long number) =>
        index.Before(number) is var at && at < index.Count && index[at] == number;

    private long? Newest() =>
        OnlyMatches
            ? _index is { Count: > 0 } index
                ? index[index.Count - 1]
                : null
            : log.End > log.First
                ? log.End - 1
                : null;

    private long? Next(long number, int direction)
    {
        if (!OnlyMatches || _index is not { } index)
        {
            var next = number + direction;
            return next >= log.First && next < log.End ? next : null;
        }
        var at = direction > 0 ? index.Before(number + 1) : index.Before(number) - 1;
        return at >= 0 && at < index.Count ? index[at] : null;
    }

    private static int Compare((long Line, int Row) one, (long Line, int Row) other) =>
        one.Line != other.Line ? one.Line.CompareTo(other.Line) : one.Row.CompareTo(other.Row);
}
