using JobCloud.Protocol.Info;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model.Detail;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Detail;

/// <summary>Paints the parts of the job screen.</summary>
internal static class JobPainting
{
    private const int DigitsFrom = 100;

    // Below this width the names of all tabs do not fit.
    private const int NamesFrom = 78;

    private static readonly DetailTab[] All = Enum.GetValues<DetailTab>();

    /// <summary>Paints status, node, runtime and command.</summary>
    public static void Heading(Canvas canvas, KnownJob known, long now)
    {
        var job = known.Job;
        var look = StatusStyle.Of(job.Status);
        var x = canvas.Text(1, 0, $"{look.Glyph} {StatusNames.Of(job.Status)}", look.Style) + 2;
        if (job.Node.Length > 0)
            x = canvas.Text(x, 0, $"on {job.Node}", Ink.Muted) + 2;
        if (JobTimes.Runtime(job, now) is { } runtime)
            x = canvas.Text(x, 0, Ages.Print(runtime), Ink.Muted) + 2;
        if (job.Attempt > 1)
        {
            var attempts = job.Status.IsFinished()
                ? $"{job.Attempt} attempts"
                : $"attempt {job.Attempt}";
            x = canvas.Text(x, 0, attempts, Ink.Muted) + 2;
        }
        if (job.Status == Status.Queued && DetailRows.Fits(known.Explained) is { Length: > 0 } fits)
            x = canvas.Text(x, 0, fits, Ink.Queued) + 2;
        canvas.Text(x, 0, job.Command.Replace('\n', ' '), Ink.Text);
    }

    public static void Tabs(Canvas canvas, DetailTab shown)
    {
        foreach (var (tab, from, _) in Places(canvas.Width, shown))
        {
            var style =
                tab == shown ? new Style(Ink.Title, Ground.Button, Strong: true) : Ink.Muted;
            canvas.Text(from, 0, $" {Label(tab, canvas.Width, shown)} ", style);
        }
    }

    /// <summary>The tab at a column; null: none.</summary>
    public static DetailTab? TabAt(int x, int width, DetailTab shown)
    {
        foreach (var (tab, from, until) in Places(width, shown))
            if (x >= from && x < until)
                return tab;
        return null;
    }

    /// <param name="cursor">The selected row; -1: none.</param>
    public static void Rows(Canvas canvas, IReadOnlyList<DetailRow> rows, int top, int cursor)
    {
        var indent = rows.Count == 0 ? 0 : rows.Max(row => row.Name.Length);
        var room = indent > 0 ? indent + 2 : 0;
        for (var y = 0; y < canvas.Height && top + y < rows.Count; y++)
        {
            var row = rows[top + y];
            var line = canvas.Part(0, y, canvas.Width, 1);
            line.Text(1, 0, row.Name, Ink.Muted);
            var x = row.Kind == RowKind.Card ? 1 : 1 + room;
            line.Text(x, 0, row.Text, Look(row), line.Width - x - 1);
            if (row.Kind == RowKind.Plot)
                Colour(line, x, row.Text);
            if (top + y == cursor)
                line.Ground(0, Ground.Cursor);
        }
    }

    // Bars, limits and marks differ in colour, too.
    private static void Colour(Canvas line, int x, string text)
    {
        for (var i = 0; i < text.Length && x + i < line.Width - 1; i++)
            if (InkOf(text[i]) is { } ink)
                line.Put(x + i, 0, text[i], ink);
    }

    private static Ink? InkOf(char cell) =>
        cell switch
        {
            >= '▁' and <= '█' or '●' or >= '\u2800' and <= '\u28ff' => Ink.Processing,
            Plot.LimitCell or '┃' => Ink.Warning,
            '✗' => Ink.Error,
            '✓' => Ink.Done,
            '▾' => Ink.Accent,
            _ => null,
        };

    private static Style Look(DetailRow row) =>
        row.Kind switch
        {
            RowKind.Plot => Ink.Muted,
            RowKind.Heading or RowKind.Card => Ink.Title,
            RowKind.Absent => Ink.Muted,
            RowKind.Error => Ink.Error,
            _ => row.Jid > 0 ? Ink.Accent : Ink.Text,
        };

    private static IEnumerable<(DetailTab Tab, int From, int Until)> Places(
        int width,
        DetailTab shown
    )
    {
        var x = 1;
        foreach (var tab in All)
        {
            var until = x + Label(tab, width, shown).Length + 2;
            yield return (tab, x, until);
            x = until;
        }
    }

    // The digits are left out where they do not fit, or else the names of the tabs not shown.
    private static string Label(DetailTab tab, int width, DetailTab shown)
    {
        if (width < NamesFrom && tab != shown)
            return $"{(int)tab + 1}";
        var name = tab == DetailTab.Dependencies ? "depends" : tab.ToString().ToLowerInvariant();
        return width < DigitsFrom ? name : $"{(int)tab + 1} {name}";
    }
}
