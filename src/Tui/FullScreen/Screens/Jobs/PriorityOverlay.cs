using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The dialog that asks for the priority of jobs.</summary>
internal sealed class PriorityOverlay(MainWindow window, Selection jobs, int priority)
    : Overlay(window)
{
    private LineEditor _line = LineEditor.Of(priority.ToString(CultureInfo.InvariantCulture));

    public override string Title => "Priority (lower runs first)";
    public override string Hint => $"= jobcloud prioritize {JidNotation.Print(jobs)} {_line.Text}";

    public override (int Width, int Height) Size(int maxWidth, int maxHeight) =>
        (Math.Min(maxWidth, 64), 5);

    public override bool Press(KeyPress key)
    {
        if (key.Name == "Enter")
        {
            Answer();
            return true;
        }
        if (_line.Press(key) is not { } next)
            return false;
        _line = next;
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        var field = new Style(IsNumber(out _) ? Ink.Text : Ink.Error, Ground.Field);
        LineField.Paint(canvas.Part(1, 1, 12, 1), _line, field);
    }

    private void Answer()
    {
        if (!IsNumber(out var number))
            return;
        Window.Close(this);
        JobActions.Prioritize(Window, jobs, number);
    }

    private bool IsNumber(out int number) =>
        int.TryParse(
            _line.Text,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out number
        );
}
