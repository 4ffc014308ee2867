using System.Globalization;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

internal sealed partial class MainWindow
{
    /// <summary>The minimum size; a smaller terminal shows only a message.</summary>
    public const int MinWidth = 40;
    public const int MinHeight = 10;

    /// <summary>Whether the terminal is large enough for all panels.</summary>
    public static bool IsFull(int width, int height) => width >= 120 && height >= 30;

    public void Paint(Grid grid, int width, int height)
    {
        var canvas = grid.Begin(width, height);
        _dirty = false;
        if (width < MinWidth || height < MinHeight)
        {
            canvas.Text(0, 0, $"JobCloud requires {MinWidth}x{MinHeight}.", Ink.Warning);
            return;
        }
        var top = HeaderOn ? Header.Paint(this, canvas, _link) : 0;
        PaintCrumbs(canvas.Part(0, top, width, 1));
        if (IsStale)
            PaintStale(canvas.Part(0, ++top, width, 1));
        var bottom = height - 1;
        if (Past is not null)
        {
            PaintPast(canvas.Part(0, ++top, width, 1));
            _scrubber.Paint(canvas.Part(0, --bottom, width, 1));
        }
        _body = (top + 1, bottom - top - 1);
        _size = (width, height);
        var body = canvas.Part(0, _body.Top, width, _body.Height);
        Top.Paint(body);
        if (IsStale)
            body.Grey();
        Footer.Paint(this, canvas.Part(0, height - 1, width, 1));
        foreach (var overlay in _overlays)
            Paint(canvas, overlay);
    }

    private (int Width, int Height) _size;
    private (int Top, int Height) _body;

    private void PaintCrumbs(Canvas canvas)
    {
        var x = 1;
        for (var i = 0; i < _stack.Count; i++)
        {
            if (i > 0)
                x = canvas.Text(x, 0, " › ", Ink.Muted);
            var last = i == _stack.Count - 1;
            x = canvas.Text(x, 0, _stack[i].Crumb, last ? Ink.Title : Ink.Muted);
        }
        var aside = Top.Aside;
        if (Frozen)
            aside = aside.Length > 0 ? $"{aside} · frozen" : "frozen";
        if (x + aside.Length + 3 < canvas.Width)
            canvas.TextRight(canvas.Width - 1, 0, aside, Frozen ? Ink.Warning : Ink.Muted);
    }

    // Why the data is stale, and the key that ends it.
    private void PaintStale(Canvas canvas)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var until = _link
            .Since.ToOffset(OffsetAt(Now))
            .ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var why = $"As of {until}: {_link.Why.TrimEnd('.')}.";
        var key = Cloud.CanStartNode ? $"{GlobalKeys.StartNode.Names[0]} starts the node" : "";
        var room = canvas.Width - 3 - key.Length;
        canvas.Text(1, 0, why, new Style(Ink.Warning, Ground.Bar), room);
        canvas.TextRight(canvas.Width - 1, 0, key, new Style(Ink.Accent, Ground.Bar, Strong: true));
    }

    private static void Paint(Canvas canvas, Overlay overlay)
    {
        var (left, top, width, height) = PlaceOf(overlay, canvas.Width, canvas.Height);
        var box = canvas.Part(left, top, width, height);
        box.Fill(new Style(Ink.Text, Ground.Dialog));
        var inside = box.Box(
            overlay.Title,
            new Style(Ink.Rule, Ground.Dialog),
            new Style(Ink.Title, Ground.Dialog)
        );
        if (overlay.Hint.Length > 0)
            box.Text(
                2,
                height - 1,
                $" {overlay.Hint} ",
                new Style(Ink.Muted, Ground.Dialog),
                width - 4
            );
        overlay.Paint(inside.Part(1, 0, inside.Width - 2, inside.Height));
    }

    private static (int Left, int Top, int Width, int Height) PlaceOf(
        Overlay overlay,
        int maxWidth,
        int maxHeight
    )
    {
        var (width, height) = overlay.Size(maxWidth - 2, maxHeight - 2);
        width = Math.Min(width, maxWidth);
        height = Math.Min(height, maxHeight);
        return ((maxWidth - width) / 2, (maxHeight - height) / 2, width, height);
    }
}
