using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The contents of a confirmation dialog.</summary>
/// <param name="Question">The title.</param>
/// <param name="Lines">The objects concerned.</param>
/// <param name="Yes">The label of the confirm button.</param>
/// <param name="Command">The equivalent headless command, without the program name.</param>
/// <param name="MustType">The text that must be typed to confirm; empty: none.</param>
internal sealed record Confirmation(
    string Question,
    IReadOnlyList<ConfirmLine> Lines,
    string Yes,
    string Command,
    string MustType = ""
);

/// <summary>One of the objects concerned.</summary>
/// <param name="Status">Unspecified: none.</param>
internal sealed record ConfirmLine(Status Status, string Text);

/// <summary>Asks for confirmation of an action that cannot be undone. Cancel has the focus, so
/// Enter alone changes nothing.</summary>
internal sealed class ConfirmOverlay(MainWindow window, Confirmation what, Action confirmed)
    : Overlay(window)
{
    private const int MaxLines = 8;

    private LineEditor _typed = new();
    private bool _onYes;

    public override string Title => what.Question;
    public override string Hint => $"= jobcloud {what.Command}";

    private bool Typed => _typed.Text.Trim() == what.MustType;

    public override (int Width, int Height) Size(int maxWidth, int maxHeight)
    {
        var lines = Math.Min(what.Lines.Count, MaxLines + 1);
        return (Math.Min(maxWidth, 72), lines + (what.MustType.Length > 0 ? 8 : 6));
    }

    public override bool Press(KeyPress key)
    {
        if (key.Name is "Tab" or "Shift-Tab" or "Left" or "Right")
            _onYes = !_onYes && Typed;
        else if (key.Name == "Enter")
            Answer();
        else if (key.Name is "y" or "n")
        {
            _onYes = key.Name == "y" && Typed;
            if (_onYes || key.Name == "n")
                Answer();
        }
        else if (what.MustType.Length > 0 && _typed.Press(key) is { } next)
            (_typed, _onYes) = (next, _onYes && next.Text.Trim() == what.MustType);
        else
            return false;
        return true;
    }

    public override void Point(int x, int y, MouseAction pointing, int width, int height)
    {
        if (pointing != MouseAction.Click || y != ButtonLine(height))
            return;
        var (yes, no) = Buttons(width);
        if (x >= yes && x < yes + Yes.Length && Typed)
            _onYes = true;
        else if (x >= no && x < no + No.Length)
            _onYes = false;
        else
            return;
        Answer();
    }

    public override void Paint(Canvas canvas)
    {
        var y = 1;
        var shown = LinesIn(canvas.Height);
        foreach (var line in what.Lines.Take(shown))
        {
            var look = StatusStyle.Of(line.Status);
            canvas.Text(1, y, look.Glyph, look.Style.On(Ground.Dialog));
            canvas.Text(3, y++, line.Text, new Style(Ink.Text, Ground.Dialog), canvas.Width - 4);
        }
        if (what.Lines.Count > shown)
            canvas.Text(
                3,
                y++,
                $"and {what.Lines.Count - shown} more",
                new Style(Ink.Muted, Ground.Dialog)
            );
        if (what.MustType.Length > 0)
        {
            y++;
            var x = canvas.Text(
                1,
                y,
                $"Type {what.MustType} to confirm: ",
                new Style(Ink.Warning, Ground.Dialog)
            );
            LineField.Paint(canvas.Part(x, y++, 12, 1), _typed, new Style(Ink.Text, Ground.Field));
        }
        PaintButtons(canvas);
    }

    /// <summary>The number of lines shown; fewer on a low terminal, to keep the buttons
    /// visible.</summary>
    private int LinesIn(int height)
    {
        var room = height - (what.MustType.Length > 0 ? 5 : 3);
        return what.Lines.Count <= Math.Min(room, MaxLines)
            ? what.Lines.Count
            : Math.Clamp(room - 1, 0, MaxLines);
    }

    private const string No = "[ Cancel ]";

    private string Yes => $"[ {what.Yes} ]";

    // The columns at which the buttons begin.
    private (int Yes, int No) Buttons(int width)
    {
        var x = (width - Yes.Length - No.Length - 6) / 2;
        return (x, x + Yes.Length + 6);
    }

    private int ButtonLine(int height)
    {
        var shown = LinesIn(height);
        return 2 + shown + (what.Lines.Count > shown ? 1 : 0) + (what.MustType.Length > 0 ? 2 : 0);
    }

    private void PaintButtons(Canvas canvas)
    {
        var ((yes, no), y) = (Buttons(canvas.Width), ButtonLine(canvas.Height));
        canvas.Text(yes, y, Yes, Look(_onYes, Typed ? Ink.Error : Ink.Muted));
        canvas.Text(no, y, No, Look(!_onYes, Ink.Text));
    }

    private static Style Look(bool focused, Ink ink) =>
        new(ink, focused ? Ground.Button : Ground.Dialog, focused);

    private void Answer()
    {
        Window.Close(this);
        if (_onYes && Typed)
            confirmed();
    }
}
