using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>Paints a line editor, scrolled so that its caret is visible.</summary>
internal static class LineField
{
    /// <param name="focused">Whether the caret is shown.</param>
    public static void Paint(Canvas canvas, LineEditor line, Style style, bool focused = true)
    {
        canvas.Fill(style);
        var start = Start(line, canvas.Width);
        var x = canvas.Text(0, 0, line.Text.AsSpan(start, line.Caret - start), style);
        var after = line.Text.AsSpan(line.Caret);
        if (!focused)
        {
            canvas.Text(x, 0, after, style);
            return;
        }
        var length = after.Length > 0 ? Graphemes.First(after, out _) : 0;
        var caret = style with { Ground = Ground.Button, Strong = true };
        var next = canvas.Text(x, 0, length > 0 ? after[..length] : " ", caret);
        canvas.Text(next, 0, after[length..], style);
    }

    // The first visible character: the text from there to the caret must fit.
    private static int Start(LineEditor line, int width)
    {
        var start = 0;
        while (
            start < line.Caret
            && Graphemes.Columns(line.Text.AsSpan(start, line.Caret - start)) > width - 2
        )
            start++;
        return start;
    }
}
