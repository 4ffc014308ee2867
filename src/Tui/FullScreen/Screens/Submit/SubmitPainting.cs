using JobCloud.Protocol.Submissions;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Model.Submit;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Submit;

/// <summary>Paints the form: the command over the full width, all other fields in two columns, or
/// in one where they would be too narrow.</summary>
internal static class SubmitPainting
{
    private const int LabelWidth = 17;
    private const int MinTwoColumns = 70;
    private static readonly int Others = SubmitFields.All.Count - 1;

    /// <summary>The number of lines that the fields take.</summary>
    public static int Rows(int width) => 1 + PerColumn(width);

    /// <summary>The first line of the fields to show, so that the focused one is in
    /// sight.</summary>
    /// <param name="top">The first line shown before.</param>
    /// <param name="height">The number of lines shown.</param>
    public static int Top(int top, int focused, int width, int height)
    {
        var line = Place(focused, width).Y;
        return Math.Clamp(top, Math.Max(0, line - height + 1), line);
    }

    /// <param name="top">The first line of the fields that is shown.</param>
    public static void Fields(
        Canvas canvas,
        SubmitForm form,
        int focused,
        LineEditor editor,
        IReadOnlyList<FieldError> errors,
        int top
    )
    {
        for (var i = 0; i < SubmitFields.All.Count; i++)
        {
            var field = SubmitFields.All[i];
            var (x, y, width) = Place(i, canvas.Width);
            if (y < top)
                continue;
            var part = canvas.Part(x, y - top, width, 1);
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

    /// <summary>Paints the equivalent headless command.</summary>
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
        var perColumn = PerColumn(width);
        var column = (field - 1) / perColumn;
        var each = Columns(width) == 1 ? width - 2 : (width - 3) / 2;
        return (1 + column * (each + 1), 1 + (field - 1) % perColumn, each);
    }

    private static int Columns(int width) => width < MinTwoColumns ? 1 : 2;

    private static int PerColumn(int width) => (Others + Columns(width) - 1) / Columns(width);

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
