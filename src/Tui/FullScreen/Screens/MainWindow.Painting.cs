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
        _body = (top + 1, height - top - 2);
        var body = canvas.Part(0, _body.Top, width, _body.Height);
        Top.Paint(body);
        if (IsStale)
            body.Grey();
        if (Toast is { } toast)
            PaintToast(canvas.Part(0, height - 2, width, 1), toast);
        Footer.Paint(this, canvas.Part(0, height - 1, width, 1));
        foreach (var overlay in _overlays)
            Paint(canvas, overlay);
    }

    /// <summary>Handles the mouse, in cells of the terminal.</summary>
    public void Point(int x, int y, MouseAction pointing)
    {
        if (Overlay is null && y >= _body.Top && y < _body.Top + _body.Height)
            Top.Point(x, y - _body.Top, pointing);
        Invalidate();
    }

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

    private static void PaintToast(Canvas canvas, Toast toast)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        canvas.Text(1, 0, toast.Glyph, toast.Style.On(Ground.Bar));
        canvas.Text(3, 0, toast.Text, new Style(Ink.Text, Ground.Bar));
    }

    private static void Paint(Canvas canvas, Overlay overlay)
    {
        var (width, height) = overlay.Size(canvas.Width - 2, canvas.Height - 2);
        width = Math.Min(width, canvas.Width);
        height = Math.Min(height, canvas.Height);
        var box = canvas.Part(
            (canvas.Width - width) / 2,
            (canvas.Height - height) / 2,
            width,
            height
        );
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
}
