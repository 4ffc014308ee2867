using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>A list of jobs with a cursor, marks, and actions on the jobs.</summary>
internal abstract class JobListScreen : Screen
{
    // The columns for cursor, mark and status, before the first job column.
    protected const int Margin = 5;

    private IReadOnlyList<(JobColumn Column, int Width)> _columns = [];
    private bool _showsUsage;

    protected JobListScreen(MainWindow window, KeyTable keys)
        : base(window, keys)
    {
        OnMoves(Jobs);
        BindActions();
        BindMarks();
    }

    public JobTable Jobs { get; } = new();

    /// <summary>The rows shown, in order.</summary>
    public IReadOnlyList<JobRow> Rows => Jobs.Rows;

    /// <summary>The visible single jobs that are processing.</summary>
    public override IReadOnlyList<long> VisibleJobs =>
        _showsUsage
            ?
            [
                .. Jobs
                    .InSight.Where(row => row.First == row.Last && JobActions.IsProcessing(row))
                    .Select(row => row.First),
            ]
            : [];

    /// <summary>The current marked rows; removed ones are left out.</summary>
    protected abstract IReadOnlyList<JobRow> Marked();

    /// <summary>The text shown if there are no rows.</summary>
    protected abstract string EmptyText { get; }

    /// <param name="sort">The sort column; null: none.</param>
    protected void PaintTable(
        Canvas canvas,
        IReadOnlyCollection<string> hidden,
        RowField? sort,
        bool descending
    )
    {
        var columns = JobColumns.Fit(hidden, canvas.Width - Margin - 1);
        _columns = columns;
        _showsUsage = columns.Any(shown => shown.Column.Field is null);
        var x = Margin;
        foreach (var (column, width) in columns)
        {
            var sorted = sort is not null && column.Field == sort;
            var title = sorted ? column.Title + (descending ? "▼" : "▲") : column.Title;
            var style = new Style(sorted ? Ink.Accent : Ink.Muted, Strong: true);
            if (column.Right)
                canvas.TextRight(x + width, 0, title, style);
            else
                canvas.Text(x, 0, title, style, width);
            x += width + 2;
        }
        PaintRows(canvas.Part(0, 1, canvas.Width, canvas.Height - 1), columns);
    }

    /// <summary>The column whose title is at x; null: none.</summary>
    protected JobColumn? TitleAt(int x)
    {
        var from = Margin;
        foreach (var (column, width) in _columns)
        {
            if (x >= from && x < from + width)
                return column;
            from += width + 2;
        }
        return null;
    }

    /// <summary>Handles the mouse, in lines from the first row.</summary>
    protected void PointRow(int line, MouseAction pointing)
    {
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            Jobs.Scroll(pointing == MouseAction.WheelUp ? -3 : 3);
        else if (line >= 0 && line < Jobs.Height && Jobs.Top + line < Jobs.Rows.Count)
        {
            Jobs.GoTo(Jobs.Top + line);
            if (pointing == MouseAction.DoubleClick)
                Do(JobsKeys.Open);
        }
    }

    private void PaintRows(Canvas canvas, IReadOnlyList<(JobColumn Column, int Width)> columns)
    {
        Jobs.Resize(canvas.Height);
        if (Jobs.Rows.Count == 0)
        {
            canvas.Text(Margin, 1, EmptyText, Ink.Muted);
            return;
        }
        var now = Window.Now;
        for (var y = 0; y < canvas.Height && Jobs.Top + y < Jobs.Rows.Count; y++)
        {
            var row = Jobs.Rows[Jobs.Top + y];
            if (Jobs.Marks.Contains(row.First))
                canvas.Put(1, y, '▪', Ink.Accent);
            var look = StatusStyle.Of(JobCells.StatusOf(row));
            canvas.Put(3, y, look.Glyph, look.Style);
            var x = Margin;
            foreach (var (column, width) in columns)
            {
                JobCells.Paint(canvas, x, y, width, column, row, UsedBy(row), now);
                x += width + 2;
            }
            if (Jobs.Top + y != Jobs.Cursor)
                continue;
            canvas.Ground(y, Ground.Cursor);
            canvas.Put(0, y, '▌', new Style(Ink.Accent, Ground.Cursor));
        }
    }

    private CurrentUsage? UsedBy(JobRow row) =>
        JobActions.IsProcessing(row) ? Window.Snapshot.Usages.GetValueOrDefault(row.First) : null;

    private void BindMarks()
    {
        On(JobsKeys.Mark, MarkAndMove, HasJob);
        On(JobsKeys.MarkRange, Jobs.MarkRange, HasJob);
        On(JobsKeys.MarkAll, Jobs.MarkAll);
        On(JobsKeys.Invert, Jobs.Invert);
        On(JobsKeys.Unmark, Jobs.Unmark);
    }

    private void BindActions()
    {
        var screens = Window.Screens;
        On(JobsKeys.Open, () => Window.Open(screens.Job(Window, Jid)), HasJob);
        On(JobsKeys.Output, () => Window.Open(screens.Output(Window, Jid)), HasJob);
        On(JobsKeys.Elements, () => Window.Open(new MapScreen(Window, Jobs.Current!)), HasMap);
        On(
            JobsKeys.Shell,
            () => JobActions.Shell(Window, Jid),
            () => !HasMap() && Has(JobActions.IsProcessing)
        );
        On(JobsKeys.Submit, () => Window.Open(screens.Submit(Window, null)));
        On(JobsKeys.SubmitCopy, () => JobActions.SubmitCopy(Window, Jid), HasJob);
        On(
            JobsKeys.Kill,
            () => JobActions.Kill(Window, Selected()),
            () => Any(JobActions.IsUnfinished)
        );
        On(
            JobsKeys.Delete,
            () => JobActions.Delete(Window, Selected()),
            () => Any(JobActions.IsFinished)
        );
        On(
            JobsKeys.Retry,
            () => JobActions.Retry(Window, Selected()),
            () => Any(JobActions.HasFailed)
        );
        On(
            JobsKeys.Prioritize,
            () => JobActions.Prioritize(Window, Selected()),
            () => Any(JobActions.IsUnfinished)
        );
        On(JobsKeys.CopyId, () => JobActions.CopyJids(Window, Selected()), HasJob);
        On(JobsKeys.CopyRow, () => JobActions.CopyCommands(Window, Selected()), HasJob);
        On(JobsKeys.Save, () => Window.ShowDialog(new SaveOverlay(Window, Jobs.Rows)));
    }

    private Jid Jid => new(Jobs.Current?.First ?? 0);

    private bool HasJob() => Jobs.Current is not null;

    private bool HasMap() => Jobs.Current is { } row && row.Last > row.First;

    private bool Has(Func<JobRow, bool> test) => Jobs.Current is { } row && test(row);

    // Marked rows are not checked, as there can be many: the cloud decides.
    private bool Any(Func<JobRow, bool> test) => Jobs.Marks.Count > 0 || Has(test);

    /// <summary>The rows that an action applies to: the marked ones, else the cursor's.</summary>
    private IReadOnlyList<JobRow> Selected()
    {
        if (Jobs.Marks.Count == 0)
            return Jobs.Current is { } row ? [row] : [];
        var rows = Marked();
        Jobs.KeepMarks(rows.Select(r => r.First));
        return rows;
    }

    private void MarkAndMove()
    {
        Jobs.Mark();
        Jobs.Move(1);
    }
}
