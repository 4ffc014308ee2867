using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>Something to choose.</summary>
internal sealed record Offer(string Name, string Help);

/// <summary>Asks for one of several names: typing filters them, Enter takes one.</summary>
internal sealed class ChooseOverlay(
    MainWindow window,
    string title,
    IReadOnlyList<Offer> choices,
    Action<string> chosen
) : Overlay(window)
{
    private const int MaxShown = 12;
    private const int FirstLine = 2;

    private LineEditor _line = new();
    private int _cursor;
    private int _top;

    public override string Title => title;
    public override string Hint => "type to filter · Enter takes · Esc closes";

    private List<Offer> Fitting =>
        [
            .. choices.Where(choice =>
                choice.Name.Contains(_line.Text, StringComparison.OrdinalIgnoreCase)
            ),
        ];

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 72), Math.Min(maxHeight, Math.Min(choices.Count, MaxShown) + 5));

    public override bool Press(KeyPress key)
    {
        if (key.Name is "Up" or "Down")
            Move(key.Name == "Up" ? -1 : 1);
        else if (key.Name == "Enter")
            Take(_cursor);
        else if (_line.Press(key) is { } next)
            (_line, _cursor, _top) = (next, 0, 0);
        else
            return false;
        return true;
    }

    public override void Point(int x, int y, MouseAction pointing, int width, int height)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            Move(pointing == MouseAction.WheelUp ? -1 : 1);
        else if (y >= FirstLine)
            Take(_top + y - FirstLine);
    }

    public override void Paint(Canvas canvas)
    {
        LineField.Paint(
            canvas.Part(1, 0, canvas.Width - 2, 1),
            _line,
            new Style(Ink.Text, Ground.Field)
        );
        var fitting = Fitting;
        var shown = canvas.Height - FirstLine;
        _top = Math.Clamp(_top, Math.Max(0, _cursor - shown + 1), _cursor);
        var room = fitting.Count == 0 ? 0 : fitting.Max(choice => choice.Name.Length) + 4;
        for (var i = 0; i < shown && _top + i < fitting.Count; i++)
        {
            var (choice, y) = (fitting[_top + i], FirstLine + i);
            var isCursor = _top + i == _cursor;
            var style = new Style(Ink.Text, isCursor ? Ground.Button : Ground.Dialog, isCursor);
            canvas.Text(1, y, choice.Name, style);
            canvas.Text(room, y, choice.Help, new Style(Ink.Muted, Ground.Dialog));
        }
        if (fitting.Count == 0)
            canvas.Text(1, FirstLine, "Nothing fits.", new Style(Ink.Muted, Ground.Dialog));
    }

    private void Move(int by) =>
        _cursor = Math.Clamp(_cursor + by, 0, Math.Max(0, Fitting.Count - 1));

    private void Take(int place)
    {
        if (Fitting.ElementAtOrDefault(place) is not { } choice)
            return;
        Window.Close(this);
        chosen(choice.Name);
    }
}
