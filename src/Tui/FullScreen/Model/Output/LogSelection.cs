namespace JobCloud.Tui.FullScreen.Model.Output;

/// <summary>A selected range of lines of a log.</summary>
internal sealed class LogSelection
{
    private readonly LogView _view;
    private readonly long _anchor;
    private long _head;

    private LogSelection(LogView view, long line) => (_view, _anchor, _head) = (view, line, line);

    public int Count => Lines.Count();

    /// <summary>The selected lines.</summary>
    public IEnumerable<TextLine> Lines => _view.Between(First, Last);

    private long First => Math.Min(_anchor, _head);
    private long Last => Math.Max(_anchor, _head);

    /// <summary>Starts a selection at the current match if it is on the screen, else at the top
    /// line of the screen; null: there is none.</summary>
    public static LogSelection? Begin(LogView view)
    {
        var rows = view.Rows();
        if (rows.Count == 0)
            return null;
        var found = Math.Max(0, rows.FindIndex(row => row.Number == view.Found));
        return new LogSelection(view, rows[found].Number);
    }

    public bool Has(long line) => line >= First && line <= Last;

    /// <summary>Moves the end of the selection by lines and scrolls to it.</summary>
    public void Move(int lines)
    {
        for (
            ;
            lines != 0 && _view.Beside(_head, Math.Sign(lines)) is { } next;
            lines -= Math.Sign(lines)
        )
            _head = next;
        _view.Reveal(_head);
    }
}
