using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>What is to be agreed to.</summary>
/// <param name="Question">Its title.</param>
/// <param name="Lines">What it concerns.</param>
/// <param name="Yes">On the button.</param>
/// <param name="Command">The headless command that would do the same, without its name.</param>
/// <param name="MustType">What must be typed before; empty: nothing.</param>
internal sealed record Confirmation(
    string Question,
    IReadOnlyList<ConfirmLine> Lines,
    string Yes,
    string Command,
    string MustType = ""
);

/// <summary>One of the things it concerns.</summary>
/// <param name="Status">Unspecified: it has none.</param>
internal sealed record ConfirmLine(Status Status, string Text);

/// <summary>Asks before something that cannot be taken back. Cancel has the focus: Enter alone does
/// nothing.</summary>
internal sealed class ConfirmOverlay(Frame frame, Confirmation what, Action agreed) : Overlay(frame)
{
    private const int MostLines = 8;

    private LineEditor _typed = new();
    private bool _onYes;

    public override string Title => what.Question;
    public override string Hint => $"= jobcloud {what.Command}";

    private bool Typed => _typed.Text.Trim() == what.MustType;

    public override (int Width, int Height) Size(int mostWidth, int mostHeight)
    {
        var lines = Math.Min(what.Lines.Count, MostLines + 1);
        return (Math.Min(mostWidth, 72), lines + (what.MustType.Length > 0 ? 8 : 6));
    }

    public override bool Press(KeyPress key)
    {
        if (key.Name is "Tab" or "Shift-Tab" or "Left" or "Right")
            _onYes = !_onYes && Typed;
        else if (key.Name == "Enter")
            Answer();
        else if (what.MustType.Length > 0 && _typed.Press(key) is { } next)
            (_typed, _onYes) = (next, _onYes && next.Text.Trim() == what.MustType);
        else
            return false;
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        var y = 1;
        var shown = LinesIn(canvas.Height);
        foreach (var line in what.Lines.Take(shown))
        {
            var look = StatusLook.Of(line.Status);
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
                $"Type {what.MustType} to go on: ",
                new Style(Ink.Warning, Ground.Dialog)
            );
            LineField.Paint(canvas.Part(x, y++, 12, 1), _typed, new Style(Ink.Text, Ground.Field));
        }
        PaintButtons(canvas, y + 1);
    }

    /// <summary>How many things are named: on a low terminal fewer, for the buttons must be
    /// seen.</summary>
    private int LinesIn(int height)
    {
        var room = height - (what.MustType.Length > 0 ? 5 : 3);
        return what.Lines.Count <= Math.Min(room, MostLines)
            ? what.Lines.Count
            : Math.Clamp(room - 1, 0, MostLines);
    }

    private void PaintButtons(Canvas canvas, int y)
    {
        var yes = $"[ {what.Yes} ]";
        const string no = "[ Cancel ]";
        var x = (canvas.Width - yes.Length - no.Length - 6) / 2;
        var end = canvas.Text(x, y, yes, Look(_onYes, Typed ? Ink.Error : Ink.Muted));
        canvas.Text(end + 6, y, no, Look(!_onYes, Ink.Text));
    }

    private static Style Look(bool focused, Ink ink) =>
        new(ink, focused ? Ground.Button : Ground.Dialog, focused);

    private void Answer()
    {
        Frame.Close(this);
        if (_onYes && Typed)
            agreed();
    }
}
