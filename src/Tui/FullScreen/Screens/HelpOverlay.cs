using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The help: all keys of a screen, from its key table.</summary>
internal sealed class HelpOverlay(MainWindow window, KeyTable keys) : Overlay(window)
{
    private static readonly Section[][] Columns =
    [
        [Section.Move, Section.View],
        [Section.Actions, Section.Find],
        [Section.Screens],
    ];

    private int _scroll;

    public override string Title => $"Help · {keys.Topic}";
    public override string Hint => "j k scroll · Esc closes";

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 106), Math.Min(maxHeight, Columns.Max(c => Lines(c).Count) + 3));

    public override bool Press(KeyPress key)
    {
        if (key.Name is "j" or "Down" or "PgDn" or "Space")
            _scroll++;
        else if (key.Name is "k" or "Up" or "PgUp")
            _scroll = Math.Max(0, _scroll - 1);
        else if (key.Name is "q" or "?" or "F1")
            Window.Close(this);
        else
            return false;
        return true;
    }

    public override void Point(int x, int y, MouseAction pointing, int width, int height)
    {
        if (pointing == MouseAction.WheelDown)
            _scroll++;
        else if (pointing == MouseAction.WheelUp)
            _scroll = Math.Max(0, _scroll - 1);
    }

    public override void Paint(Canvas canvas)
    {
        var maxScroll = Columns.Max(c => Lines(c).Count) - (canvas.Height - 1);
        _scroll = Math.Clamp(_scroll, 0, Math.Max(0, maxScroll));
        var width = canvas.Width / Columns.Length;
        for (var i = 0; i < Columns.Length; i++)
        {
            var column = canvas.Part(i * width, 1, width - 1, canvas.Height - 1);
            var lines = Lines(Columns[i]);
            var labelColumn = lines.Max(line => line.Label.Length > 0 ? line.Key.Length : 0) + 2;
            var y = -_scroll;
            foreach (var (key, label) in lines)
            {
                if (label.Length == 0)
                    column.Text(0, y, key, new Style(Ink.Muted, Ground.Dialog, Strong: true));
                else
                {
                    column.Text(0, y, key, new Style(Ink.Accent, Ground.Dialog));
                    column.Text(labelColumn, y, label, new Style(Ink.Text, Ground.Dialog));
                }
                y++;
            }
        }
    }

    private List<(string Key, string Label)> Lines(Section[] sections)
    {
        var lines = new List<(string, string)>();
        foreach (var section in sections)
        {
            var actions = keys.Actions.Where(action => action.Section == section).ToList();
            if (actions.Count == 0)
                continue;
            if (lines.Count > 0)
                lines.Add((" ", ""));
            lines.Add((section.ToString().ToUpperInvariant(), ""));
            foreach (var action in actions)
                lines.Add((string.Join(' ', action.Names), action.Label));
        }
        return lines;
    }
}
