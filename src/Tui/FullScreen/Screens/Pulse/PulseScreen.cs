using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Pulse;

/// <summary>The activity of the cloud: its measures over the last minutes, hours or days, and items
/// that need attention.</summary>
internal sealed class PulseScreen : Screen
{
    private const int AttentionHeight = 8;
    private const int WaitsHeight = 6;

    private static readonly KeyTable Table = new("pulse", PulseKeys.All, ListKeys.All);

    private readonly RowCursor<AttentionItem, AttentionKey> _items = new(line => line.Key);
    private readonly ActivityLoader _activity;
    private readonly SpanCursor _bar = new();
    private readonly List<GraphPlace> _graphs = [];
    private Snapshot _seen = Snapshot.Empty;
    private int _period = PulsePeriod.Hour;

    public PulseScreen(MainWindow window)
        : base(window, Table)
    {
        _activity = new ActivityLoader(window);
        OnMoves(_items);
        On(PulseKeys.Wider, () => Choose(_period + 1));
        On(PulseKeys.Narrower, () => Choose(_period - 1));
        On(PulseKeys.Earlier, () => _bar.Move(Period, -1), () => !Period.IsLive, NoBars);
        On(PulseKeys.Later, () => _bar.Move(Period, 1), () => !Period.IsLive, NoBars);
        On(PulseKeys.Open, Open, () => _bar.IsSet || _items.Current is not null);
    }

    private const string NoBars = "Choose a longer period (<) first: bars are of minutes or hours.";

    public override string Crumb => "pulse";

    public override string Aside =>
        !Period.IsLive && _activity.Note.Length > 0
            ? $"last {Period.Name} · {_activity.Note}"
            : $"last {Period.Name}";

    // There are no samples of the past.
    private PulsePeriod Period =>
        PulsePeriod.All[Window.Past is null ? _period : Math.Max(_period, PulsePeriod.Hour)];

    public override bool Tick()
    {
        var changed = !Period.IsLive && _activity.Tick(Period.Until(Window.Now));
        if (ReferenceEquals(_seen, Window.Snapshot))
            return changed;
        _seen = Window.Snapshot;
        _items.Accept(AttentionList.Of(_seen));
        return true;
    }

    public override bool Clear() => _bar.Clear();

    public override void Paint(Canvas canvas)
    {
        _graphs.Clear();
        var tiles = Period.IsLive
            ? PulseTile.Of(_seen.Pulse, Period.Count)
            : PulseTile.Of(_activity.Reply, Period);
        if (!MainWindow.IsFull(canvas.Width, canvas.Height + 4))
        {
            PaintLines(canvas.Part(0, 1, canvas.Width, PulseTile.Number + 1), tiles);
            PaintBelow(
                canvas.Part(
                    0,
                    PulseTile.Number + 2,
                    canvas.Width,
                    canvas.Height - PulseTile.Number - 2
                )
            );
            return;
        }
        var (width, height) = (canvas.Width / 3, (canvas.Height - AttentionHeight - 2) / 2);
        for (var i = 0; i < tiles.Count; i++)
            PaintTile(canvas, i % 3 * width, i / 3 * height, width, height, tiles[i]);
        var rest = canvas.Part(0, 2 * height, canvas.Width, canvas.Height - 2 * height);
        PaintWaits(rest.Part(0, 0, width, rest.Height));
        PaintItems(rest.Part(width, 0, rest.Width - width, rest.Height));
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            _items.Scroll(pointing == MouseAction.WheelUp ? -1 : 1);
        else if (!Period.IsLive && _graphs.Find(graph => graph.Has(x, y)) is { } place)
            _bar.Choose(Period, x - place.X);
    }

    private void Choose(int period)
    {
        _period = Math.Clamp(period, 0, PulsePeriod.All.Count - 1);
        _bar.Clear();
    }

    // If there is no room for both, the items that need attention come first.
    private void PaintBelow(Canvas canvas)
    {
        var waits = canvas.Height >= 2 * WaitsHeight ? WaitsHeight : 0;
        if (waits > 0)
            PaintWaits(canvas.Part(0, 0, canvas.Width, waits));
        PaintItems(canvas.Part(0, waits, canvas.Width, canvas.Height - waits));
    }

    private void PaintWaits(Canvas canvas)
    {
        if (Window.Past is null)
            WaitTile.Paint(canvas, _seen.Waits);
        else
            canvas
                .Box("jobs wait for", Ink.Rule, Ink.Title)
                .Text(1, 0, "Not kept for past times.", Ink.Muted);
    }

    private void PaintTile(Canvas canvas, int x, int y, int width, int height, PulseTile tile)
    {
        var inside = canvas.Part(x, y, width, height).Box(tile.Title, Ink.Rule, Ink.Title);
        inside = inside.Part(1, 0, inside.Width - 2, inside.Height);
        inside.Text(0, 0, tile.Figure, tile.Style with { Strong = true });
        inside.TextRight(inside.Width, 0, tile.Peak, Ink.Muted);
        PaintGraph(inside, 0, 1, inside.Width, inside.Height - 2, tile);
        _graphs.Add(new GraphPlace(x + 2, y + 2, inside.Width, inside.Height - 2));
        if (_bar.IsSet)
        {
            var (first, last) = _bar.Spans(Period);
            var at = $"{When(first, last)}  {tile.At(first, last)}";
            inside.Text(0, inside.Height - 1, at, Ink.Accent);
            return;
        }
        inside.Text(0, inside.Height - 1, $"-{Period.Short}", Ink.Muted);
        var end = Window.Past is null ? "now" : "then";
        inside.TextRight(inside.Width, inside.Height - 1, end, Ink.Muted);
    }

    private void PaintLines(Canvas canvas, IReadOnlyList<PulseTile> tiles)
    {
        for (var i = 0; i < tiles.Count; i++)
        {
            var tile = tiles[i];
            var end = canvas.Text(2, i, tile.Title, Ink.Muted, 18);
            var figure = tile.Figure;
            if (_bar.IsSet && _bar.Spans(Period) is var (first, last))
                figure = tile.At(first, last);
            canvas.TextRight(Math.Max(26, end), i, figure, tile.Style with { Strong = true });
            var width = canvas.Width - 28 - 20;
            PaintGraph(canvas, 28, i, width, 1, tile);
            _graphs.Add(new GraphPlace(28, i + 1, width, 1));
            canvas.TextRight(canvas.Width - 1, i, tile.Peak, Ink.Muted);
        }
        if (_bar.IsSet && _bar.Spans(Period) is var (from, until))
            canvas.Text(28, tiles.Count, When(from, until), Ink.Accent);
    }

    private void PaintGraph(Canvas canvas, int x, int y, int width, int height, PulseTile tile)
    {
        var graph = canvas.Part(x, y, width, height);
        _bar.Fit(width);
        Sparkline.Paint(graph, tile.Values, tile.Style, count: Period.Count);
        if (!_bar.IsSet)
            return;
        var bar = graph.Part(_bar.Column(Period), 0, 1, height);
        for (var line = 0; line < height; line++)
            bar.Ground(line, Ground.Cursor);
    }

    /// <summary>When spans begin and end, as <c>02:10–02:12</c>, with the day if it is not
    /// today.</summary>
    private string When(int first, int last)
    {
        if (_activity.Reply is not { } reply)
            return "";
        var from = reply.From + first * reply.SpanUs;
        var until = reply.From + (last + 1) * reply.SpanUs;
        var start = Instants.Short(from, Window.OffsetAt(from));
        var end = Instants.Short(until, Window.OffsetAt(until));
        var today = Instants.Short(Window.Now, Window.OffsetAt(Window.Now));
        var isToday = start.AsSpan(0, 10).SequenceEqual(today.AsSpan(0, 10));
        return $"{start[(isToday ? 11 : 5)..16]}–{end[11..16]}";
    }

    private void PaintItems(Canvas canvas)
    {
        var inside = canvas.Box("needs attention", Ink.Rule, Ink.Title);
        _items.Resize(inside.Height);
        if (_items.Rows.Count == 0)
        {
            var (isGood, words) = Calm();
            inside.Text(1, 0, isGood ? "✓" : "·", isGood ? Ink.Done : Ink.Muted);
            inside.Text(3, 0, words, Ink.Muted);
        }
        for (var y = 0; y < inside.Height && _items.Top + y < _items.Rows.Count; y++)
        {
            var line = _items.Rows[_items.Top + y];
            inside.Text(1, y, line.IsError ? "✗" : "◆", line.IsError ? Ink.Error : Ink.Warning);
            inside.Text(3, y, line.Text, Ink.Text, inside.Width - 10);
            inside.TextRight(
                inside.Width - 1,
                y,
                Ages.Coarse(TimeSpan.FromMicroseconds(Window.Now - line.At)),
                Ink.Muted
            );
            if (_items.Top + y == _items.Cursor)
                inside.Ground(y, Ground.Cursor);
        }
    }

    // What can be said when nothing needs attention.
    private (bool IsGood, string Words) Calm()
    {
        if (Window.Past is { } past)
            return (false, past.IsLoaded ? "No job had failed by then." : "Loading…");
        if (_seen.Nodes.Count == 0)
            return (false, "No node is connected.");
        if (_seen.EventsSince is not { } since)
            return (false, "All nodes are ready; the past events are being loaded.");
        var from = Instants.Log(since, Window.OffsetAt(since)).AsSpan(0, 16);
        return (true, $"All nodes are ready, and no job has failed since {from}.");
    }

    private void Open()
    {
        if (_bar.IsSet)
        {
            OpenBar();
            return;
        }
        var line = _items.Current!;
        if (line.Key.Jid == 0)
            Window.Go(GlobalKeys.Nodes);
        else
            Window.Open(Window.Screens.Job(Window, line.Key.Jid));
    }

    // The jobs that failed in the time of the bar.
    private void OpenBar()
    {
        if (_activity.Reply is not { } reply)
            return;
        var (first, last) = _bar.Spans(Period);
        Window.Screens.ShowFailed(
            Window,
            reply.From + first * reply.SpanUs,
            reply.From + (last + 1) * reply.SpanUs
        );
    }

    private sealed record GraphPlace(int X, int Y, int Width, int Height)
    {
        public bool Has(int x, int y) => x >= X && x < X + Width && y >= Y && y < Y + Height;
    }
}
