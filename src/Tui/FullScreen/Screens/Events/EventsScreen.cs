using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Events;

/// <summary>The live list of events, newest last. While the cursor is on the last line, it
/// follows.</summary>
internal sealed class EventsScreen : Screen
{
    private static readonly KeyTable Table = new("events", EventsKeys.All, ListKeys.All);

    private readonly RowCursor<EventRow, long> _rows = new(row => row.Number);
    private readonly Prompt _filter;
    private IReadOnlyList<EventRow> _seen = [];
    private bool _onlyBad;

    public EventsScreen(MainWindow window)
        : base(window, Table)
    {
        _filter = new Prompt("/", _ => Accept());
        OnMoves(_rows);
        On(EventsKeys.Open, Open, () => _rows.Current is not null);
        On(EventsKeys.Filter, _filter.Begin);
        On(EventsKeys.OnlyProblems, () => OnlyBad(!_onlyBad));
    }

    public override string Crumb => "events";

    public override string Aside =>
        $"{(_onlyBad ? "warnings and errors · " : "")}{_rows.Rows.Count} of {_seen.Count}"
        + (_rows.IsAtEnd ? " · following" : "");

    public override bool Tick()
    {
        if (ReferenceEquals(_seen, Window.Snapshot.Events))
            return false;
        _seen = Window.Snapshot.Events;
        Accept();
        return true;
    }

    public override bool IsTyping => _filter.Open;

    public override bool Type(KeyPress key) => _filter.Press(key);

    public override bool Clear()
    {
        if (_filter.Clear())
            return true;
        var had = _onlyBad;
        OnlyBad(false);
        return had;
    }

    public override void Paint(Canvas canvas)
    {
        if (_filter.Visible)
        {
            _filter.Paint(canvas.Part(0, 0, canvas.Width, 1), "");
            canvas = canvas.Part(0, 1, canvas.Width, canvas.Height - 1);
        }
        PaintTitles(canvas);
        canvas = canvas.Part(0, 1, canvas.Width, canvas.Height - 1);
        _rows.Resize(canvas.Height);
        if (_rows.Rows.Count == 0)
            canvas.Text(
                3,
                1,
                _seen.Count > 0 ? "No matching events."
                    : Window.Snapshot.EventsSince is null ? "Loading the past events…"
                    : "No events yet.",
                Ink.Muted
            );
        for (var y = 0; y < canvas.Height && _rows.Top + y < _rows.Rows.Count; y++)
        {
            PaintRow(canvas, y, _rows.Rows[_rows.Top + y]);
            if (_rows.Top + y != _rows.Cursor)
                continue;
            canvas.Ground(y, Ground.Cursor);
            canvas.Put(0, y, '▌', new Style(Ink.Accent, Ground.Cursor));
        }
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            _rows.Scroll(pointing == MouseAction.WheelUp ? -3 : 3);
        else
            _rows.GoTo(_rows.Top + y - (_filter.Visible ? 2 : 1));
    }

    public static Ink InkOf(EventLevel level) =>
        level switch
        {
            EventLevel.Error => Ink.Error,
            EventLevel.Warning => Ink.Warning,
            _ => Ink.Muted,
        };

    private void PaintRow(Canvas canvas, int y, EventRow row)
    {
        var line = row.Line;
        var at = Instants.Log(line.When, Window.OffsetAt(line.When));
        var left = LeftOf(canvas);
        // Where there is room, the date is shown too.
        canvas.Text(2, y, at.AsSpan(left > 0 ? 0 : 11), Ink.Muted);
        canvas.TextRight(left + 27, y, row.Jids, Ink.Title);
        canvas.Text(left + 29, y, line.What, InkOf(line.Level), 15);
        canvas.Text(
            left + 45,
            y,
            line.Message,
            line.Level == EventLevel.Info ? Ink.Text : InkOf(line.Level)
        );
    }

    private static void PaintTitles(Canvas canvas)
    {
        var left = LeftOf(canvas);
        canvas.Text(2, 0, "TIME", Ink.Muted);
        canvas.TextRight(left + 27, 0, "JID", Ink.Muted);
        canvas.Text(left + 29, 0, "EVENT", Ink.Muted);
        canvas.Text(left + 45, 0, "MESSAGE", Ink.Muted);
    }

    /// <summary>The columns that a date takes; 0: there is no room for it.</summary>
    private static int LeftOf(Canvas canvas) => canvas.Width >= 100 ? 11 : 0;

    private void Accept()
    {
        var follow = _rows.IsAtEnd;
        _rows.Accept([.. _seen.Where(Fits)]);
        if (follow)
            _rows.GoTo(_rows.Rows.Count - 1);
    }

    private bool Fits(EventRow row) =>
        (!_onlyBad || row.Line.Level != EventLevel.Info)
        && (
            _filter.Text.Length == 0
            || $"{row.Jids} {row.Line.What} {row.Line.Message}".Contains(
                _filter.Text,
                StringComparison.OrdinalIgnoreCase
            )
        );

    private void OnlyBad(bool on)
    {
        _onlyBad = on;
        Accept();
    }

    private void Open() => Window.Open(Window.Screens.Job(Window, _rows.Current!.Jid));
}
