using JobCloud.Protocol.Submissions;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Model.Submit;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>Paints the form: the command over the full width, all other fields in two
/// columns.</summary>
internal static class SubmitPainting
{
    private const int LabelWidth = 17;
    private static readonly int Others = SubmitFields.All.Count - 1;
    private static readonly int PerColumn = (Others + 1) / 2;

    /// <summary>The number of lines that the fields take.</summary>
    public static int Rows { get; } = 1 + PerColumn;

    public static void Fields(
        Canvas canvas,
        SubmitForm form,
        int focused,
        LineEditor editor,
        IReadOnlyList<FieldError> errors
    )
    {
        for (var i = 0; i < SubmitFields.All.Count; i++)
        {
            var field = SubmitFields.All[i];
            var (x, y, width) = Place(i, canvas.Width);
            var part = canvas.Part(x, y, width, 1);
            var hasError = errors.Any(p => p.Field == field);
            var style =
                hasError ? Ink.Error
                : i == focused ? Ink.Title
                : Ink.Muted;
            part.Text(0, 0, field.Label, style, LabelWidth - 1);
            Value(
                part.Part(LabelWidth, 0, width - LabelWidth, 1),
                form,
                field,
                i == focused,
                editor
            );
        }
    }

    /// <summary>Paints the equivalent headless command on two lines.</summary>
    public static void Command(Canvas canvas, string line)
    {
        var rows = LogRows.Wrap("= " + line, canvas.Width);
        for (var y = 0; y < Math.Min(rows.Count, canvas.Height); y++)
        {
            var text = ("= " + line).AsSpan(rows[y].Start);
            var isLast = y == canvas.Height - 1;
            canvas.Text(0, y, isLast ? text : text[..rows[y].Length], Ink.Accent);
        }
    }

    /// <summary>The field at a position on the screen; null: none.</summary>
    public static int? FieldAt(int x, int y, int width)
    {
        for (var i = 0; i < SubmitFields.All.Count; i++)
        {
            var place = Place(i, width);
            if (y == place.Y && x >= place.X && x < place.X + place.Width)
                return i;
        }
        return null;
    }

    private static (int X, int Y, int Width) Place(int field, int width)
    {
        if (field == 0)
            return (1, 0, width - 2);
        var column = (field - 1) / PerColumn;
        var each = (width - 3) / 2;
        return (1 + column * (each + 1), 1 + (field - 1) % PerColumn, each);
    }

    private static void Value(
        Canvas canvas,
        SubmitForm form,
        JobAttribute field,
        bool isFocused,
        LineEditor editor
    )
    {
        var (text, isOn) = (form[field], form[field].Length > 0);
        var style = new Style(Ink.Text, isFocused ? Ground.Field : Ground.Plain);
        if (field.Kind == AttributeKind.Flag)
            canvas.Text(0, 0, isOn ? "[x]" : "[ ]", isFocused ? style.On(Ground.Button) : style);
        else if (field.Value.Choices.Count > 0)
            canvas.Text(
                0,
                0,
                $"‹ {(isOn ? text : SubmitFields.Default(field))} ›",
                isFocused ? style.On(Ground.Button)
                    : isOn ? style
                    : Ink.Muted
            );
        else if (isFocused)
            LineField.Paint(canvas, editor, style);
        else
            canvas.Text(0, 0, isOn ? text : SubmitFields.Default(field), isOn ? style : Ink.Muted);
    }
}
