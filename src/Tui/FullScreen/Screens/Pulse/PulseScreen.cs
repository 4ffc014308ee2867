using System.Globalization;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Pulse;

/// <summary>The activity of the cloud: its measures over the last minutes, and items that need
/// attention.</summary>
internal sealed class PulseScreen : Screen
{
    private const int AttentionHeight = 8;
    private const int WaitsHeight = 6;

    private static readonly KeyTable Table = new("pulse", PulseKeys.All, ListKeys.All);
    private static readonly int[] Periods = [60, 300, Model.PulseSampler.Kept];

    private static readonly (Measure Measure, string Title, Style Style, bool Rate)[] Tiles =
    [
        (Measure.Processing, "processing", Ink.Processing, false),
        (Measure.Queued, "queued", Ink.Queued, false),
        (Measure.Waiting, "waiting", Ink.Waiting, false),
        (Measure.Started, "started /s", Ink.Accent, true),
        (Measure.Done, "done /s", Ink.Done, true),
        (Measure.Failed, "failed /s", Ink.Error, true),
    ];

    private readonly RowCursor<AttentionItem, AttentionKey> _items = new(line => line.Key);
    private Snapshot _seen = Snapshot.Empty;
    private int _period;

    public PulseScreen(MainWindow window)
        : base(window, Table)
    {
        OnMoves(_items);
        On(PulseKeys.Wider, () => _period = Math.Min(_period + 1, Periods.Length - 1));
        On(PulseKeys.Narrower, () => _period = Math.Max(_period - 1, 0));
        On(PulseKeys.Open, Open, () => _items.Current is not null);
    }

    public override string Crumb => "pulse";
    public override string Aside => $"last {Periods[_period] / 60} min";

    public override bool Tick()
    {
        if (ReferenceEquals(_seen, Window.Snapshot))
            return false;
        _seen = Window.Snapshot;
        _items.Accept(AttentionList.Of(_seen));
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        if (!MainWindow.IsFull(canvas.Width, canvas.Height + 4))
        {
            PaintLines(canvas.Part(0, 1, canvas.Width, Tiles.Length));
            PaintBelow(
                canvas.Part(0, Tiles.Length + 2, canvas.Width, canvas.Height - Tiles.Length - 2)
            );
            return;
        }
        var (width, height) = (canvas.Width / 3, (canvas.Height - AttentionHeight - 2) / 2);
        for (var i = 0; i < Tiles.Length; i++)
            PaintTile(
                canvas.Part(i % 3 * width, i / 3 * height, width, height),
                Tiles[i].Measure,
                Tiles[i].Title,
                Tiles[i].Style,
                Tiles[i].Rate
            );
        var rest = canvas.Part(0, 2 * height, canvas.Width, canvas.Height - 2 * height);
        WaitTile.Paint(rest.Part(0, 0, width, rest.Height), _seen.Waits);
        PaintItems(rest.Part(width, 0, rest.Width - width, rest.Height));
    }

    // If there is no room for both, the items that need attention come first.
    private void PaintBelow(Canvas canvas)
    {
        var waits = canvas.Height >= 2 * WaitsHeight ? WaitsHeight : 0;
        if (waits > 0)
            WaitTile.Paint(canvas.Part(0, 0, canvas.Width, waits), _seen.Waits);
        PaintItems(canvas.Part(0, waits, canvas.Width, canvas.Height - waits));
    }

    private void PaintTile(Canvas canvas, Measure measure, string title, Style style, bool rate)
    {
        var inside = canvas.Box(title, Ink.Rule, Ink.Title);
        inside = inside.Part(1, 0, inside.Width - 2, inside.Height);
        inside.Text(0, 0, Now(measure, rate), style with { Strong = true });
        var peak = $"peak {Number(Peak(measure), rate)}";
        inside.TextRight(inside.Width, 0, peak, Ink.Muted);
        Sparkline.Paint(
            inside.Part(0, 1, inside.Width, inside.Height - 2),
            _seen.Pulse[measure],
            style,
            count: Periods[_period]
        );
        inside.Text(0, inside.Height - 1, $"-{Periods[_period] / 60}m", Ink.Muted);
        inside.TextRight(inside.Width, inside.Height - 1, "now", Ink.Muted);
    }

    private void PaintLines(Canvas canvas)
    {
        for (var i = 0; i < Tiles.Length; i++)
        {
            var (measure, title, style, rate) = Tiles[i];
            canvas.Text(2, i, title, Ink.Muted);
            canvas.TextRight(22, i, Now(measure, rate), style with { Strong = true });
            var graph = canvas.Part(24, i, canvas.Width - 40, 1);
            Sparkline.Paint(graph, _seen.Pulse[measure], style, count: Periods[_period]);
            canvas.TextRight(canvas.Width - 1, i, $"peak {Number(Peak(measure), rate)}", Ink.Muted);
        }
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
        if (_seen.Nodes.Count == 0)
            return (false, "No node is connected.");
        if (_seen.EventsSince is not { } since)
            return (false, "All nodes are ready; the past events are being loaded.");
        var from = Instants.Log(since, Window.OffsetAt(since)).AsSpan(0, 16);
        return (true, $"All nodes are ready, and no job has failed since {from}.");
    }

    private double Peak(Measure measure)
    {
        var samples = _seen.Pulse[measure];
        var peak = 0.0;
        for (var i = Math.Max(0, samples.Count - Periods[_period]); i < samples.Count; i++)
            peak = Math.Max(peak, samples[i]);
        return peak;
    }

    // A rate is the mean of the last ten seconds, because jobs do not start evenly.
    private string Now(Measure measure, bool rate)
    {
        var samples = _seen.Pulse[measure];
        if (samples.Count == 0)
            return "-";
        return Number(
            rate ? _seen.Pulse.Sum(measure, 10) / Math.Min(10, samples.Count) : samples[^1],
            rate
        );
    }

    private static string Number(double number, bool rate) =>
        number.ToString(rate && number < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private void Open()
    {
        var line = _items.Current!;
        if (line.Key.Jid == 0)
            Window.Go(GlobalKeys.Nodes);
        else
            Window.Open(Window.Screens.Job(Window, line.Key.Jid));
    }
}
