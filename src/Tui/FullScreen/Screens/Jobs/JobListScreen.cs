using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
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

    // The columns hidden while empty that have had a value in sight: they stay, so that nothing
    // moves to and fro.
    private readonly HashSet<string> _filled = [];
    private bool _showsUsage;
    private ReadyCores? _cores;

    protected JobListScreen(MainWindow window, KeyTable keys)
        : base(window, keys)
    {
        OnMoves(Jobs, MoveBy);
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

    /// <summary>The row under the cursor; null: none.</summary>
    protected virtual JobRow? Current => Jobs.Current;

    /// <summary>The reason shown for a row; empty: the row's own.</summary>
    protected virtual string ReasonOf(JobRow row) =>
        JobCells.StatusOf(row) is Status.Waiting or Status.Queued ? WaitText.Of(row, _cores) : "";

    /// <summary>Asks for confirmation of a change of the selected jobs.</summary>
    protected virtual void Change(JobVerb verb) => JobActions.Change(Window, verb, Selected());

    /// <summary>Asks for the priority of the selected jobs.</summary>
    protected virtual void Prioritize() => JobActions.Prioritize(Window, Selected());

    /// <summary>Saves the rows to a file.</summary>
    protected virtual void Save() => Window.ShowDialog(new SaveOverlay(Window, Jobs.Rows));

    /// <summary>Handles a move by a number of rows; false: the cursor of the list moves.</summary>
    protected virtual bool MoveBy(int rows) => false;

    /// <summary>Toggles the mark of the row under the cursor.</summary>
    protected virtual void Mark()
    {
        Jobs.Mark();
        Jobs.Move(1);
    }

    /// <summary>The text shown if there are no rows.</summary>
    protected abstract string EmptyText { get; }

    /// <param name="sort">The sort column; null: none.</param>
    protected void PaintTable(
        Canvas canvas,
        IReadOnlyCollection<string> hidden,
        JobColumn? sort,
        bool descending
    )
    {
        Jobs.Resize(canvas.Height - 1);
        var nodes = Window.Snapshot.Nodes;
        _cores = nodes.Count > 0 ? ReadyCores.Of(nodes.Select(line => line.Node)) : null;
        NoteFilled();
        var columns = JobColumns.Fit(
            [.. hidden, .. JobColumns.HiddenWhileEmpty.Except(_filled)],
            canvas.Width - Margin - 1
        );
        _columns = columns;
        _showsUsage = columns.Any(shown => shown.Column.Field is null);
        var x = Margin;
        foreach (var (column, width) in columns)
        {
            var sorted = column == sort;
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
                JobCells.Paint(canvas, x, y, width, column, row, UsedBy(row), ReasonOf(row), now);
                x += width + 2;
            }
            if (Jobs.Top + y != Jobs.Cursor)
                continue;
            canvas.Ground(y, Ground.Cursor);
            canvas.Put(0, y, '▌', new Style(Ink.Accent, Ground.Cursor));
        }
    }

    private void NoteFilled()
    {
        if (_filled.Count == JobColumns.HiddenWhileEmpty.Count)
            return;
        foreach (var row in Jobs.InSight)
        {
            if (row.Label.Length > 0)
                _filled.Add(RowFields.Label.Name);
            if (row.Reason is { Code: not ReasonCode.None } || ReasonOf(row).Length > 0)
                _filled.Add(RowFields.Reason.Name);
        }
    }

    private CurrentUsage? UsedBy(JobRow row) =>
        JobActions.IsProcessing(row) ? Window.Snapshot.Usages.GetValueOrDefault(row.First) : null;

    private void BindMarks()
    {
        On(JobsKeys.Mark, Mark, HasJob);
        On(JobsKeys.MarkRange, Jobs.MarkRange, HasJob);
        On(JobsKeys.MarkAll, Jobs.MarkAll, CanMarkAll, TooMany);
        On(JobsKeys.Invert, Jobs.Invert, CanMarkAll, TooMany);
        On(JobsKeys.Unmark, Jobs.Unmark);
    }

    private void BindActions()
    {
        var screens = Window.Screens;
        On(JobsKeys.Open, Open, HasJob);
        On(JobsKeys.Output, () => Window.Open(screens.Output(Window, Jid)), HasJob);
        On(
            JobsKeys.Files,
            () => Window.Open(screens.Files(Window, Jid)),
            () => HasJob() && !HasMap(),
            "Choose one job."
        );
        On(
            JobsKeys.Shell,
            () => JobActions.Shell(Window, Jid),
            () => !HasMap() && Has(JobActions.IsProcessing),
            "A terminal needs one job that is processing."
        );
        On(JobsKeys.Submit, () => Window.Open(screens.Submit(Window, null)));
        On(JobsKeys.SubmitCopy, SubmitCopy, HasJob);
        OnChange(JobsKeys.Kill, JobVerb.Kill);
        OnChange(JobsKeys.Delete, JobVerb.Delete);
        OnChange(JobsKeys.Retry, JobVerb.Retry);
        On(
            JobsKeys.Prioritize,
            Prioritize,
            () => Any(JobVerb.Kill),
            "Only jobs that have not ended have a priority."
        );
        On(JobsKeys.CopyId, () => JobActions.CopyJids(Window, Selected()), HasJob);
        On(JobsKeys.CopyRow, () => JobActions.CopyCommands(Window, Selected()), HasJob);
        On(JobsKeys.Save, Save, () => Jobs.Rows.Count > 0, "There is nothing to save.");
    }

    private void SubmitCopy()
    {
        if (HasMap())
            JobActions.SubmitMapCopy(Window, Current!.First);
        else
            JobActions.SubmitCopy(Window, Jid);
    }

    private void OnChange(KeyAction action, JobVerb verb) =>
        On(
            action,
            () => Change(verb),
            () => Any(verb),
            $"Only jobs that are {StatusList(verb)} can be {verb.Participle}."
        );

    private static string StatusList(JobVerb verb)
    {
        var names = verb.Statuses.Select(StatusNames.Of).ToList();
        return string.Join(", ", names.SkipLast(1)) + " or " + names[^1];
    }

    /// <summary>Opens the screen of the job or map under the cursor.</summary>
    protected virtual void Open() =>
        Window.Open(
            HasMap()
                ? Window.Screens.Map(Window, new Jid(Current!.First))
                : Window.Screens.Job(Window, Jid)
        );

    private const string TooMany =
        "These are too many to mark: filter them first, or act on the whole map.";

    private Jid Jid => new(Current?.First ?? 0);

    private bool CanMarkAll() => Jobs.Rows.Count <= JobTable.MaxMarks;

    private bool HasJob() => Current is not null;

    private bool HasMap() => Current is { } row && row.Last > row.First;

    private bool Has(Func<JobRow, bool> test) => Current is { } row && test(row);

    // Marked rows are not checked, as there can be many: the cloud decides.
    private bool Any(JobVerb verb) => Jobs.Marks.Count > 0 || Has(verb.Changes);

    /// <summary>The rows that an action applies to: the marked ones, else the cursor's.</summary>
    protected IReadOnlyList<JobRow> Selected()
    {
        if (Jobs.Marks.Count == 0)
            return Current is { } row ? [row] : [];
        var rows = Marked();
        Jobs.KeepMarks(rows.Select(r => r.First));
        return rows;
    }
}
