using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Output;

/// <summary>Paints a row of a log with its colours and highlighted matches.</summary>
internal static class LogPainting
{
    /// <param name="gutter">The columns at the left that name the stream; 0: none.</param>
    public static void Row(Canvas canvas, LogRow row, int gutter, LogView view)
    {
        var line = row.Line;
        if (line.Source == LineSource.Note)
        {
            canvas.Text(0, 0, $"── {line.Text} ──", Ink.Muted);
            return;
        }
        var isError = gutter > 0 && line.Source == LineSource.Second;
        if (gutter > 0)
            canvas.Text(0, 0, isError ? "err" : "out", isError ? Ink.Warning : Ink.Muted);
        var x = gutter;
        foreach (var (start, end, style) in Parts(row, view))
            x = canvas.Text(x, 0, line.Text.AsSpan(start, end - start), style);
        if (row.Number == view.Found)
            canvas.Ground(0, Ground.Cursor);
    }

    // The parts of the row with one style each.
    private static IEnumerable<(int Start, int End, Style Style)> Parts(LogRow row, LogView view)
    {
        var (line, until) = (row.Line, row.Start + row.Length);
        var matches = view.Pattern is { } pattern
            ? pattern.Places(line.Text).Select(at => (at.Start, End: at.Start + at.Length)).ToList()
            : [];
        var edges = line
            .Spans.SelectMany(s => new[] { s.Start, s.Start + s.Length })
            .Concat(matches.SelectMany(m => new[] { m.Start, m.End }))
            .Append(until)
            .Where(edge => edge > row.Start && edge <= until)
            .Distinct()
            .Order();
        var from = row.Start;
        foreach (var edge in edges)
        {
            var at = from;
            var style = matches.Any(m => m.Start <= at && at < m.End)
                ? new Style(Ink.Text, Ground.Button, Strong: true)
                : Plain(line, at);
            yield return (from, edge, style);
            from = edge;
        }
    }

    private static Style Plain(TextLine line, int at)
    {
        foreach (var span in line.Spans)
            if (span.Start <= at && at < span.Start + span.Length)
                return new Style(Ink.Text) { Pen = span.Pen };
        return Ink.Text;
    }
}
