using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The job table.</summary>
internal sealed partial class JobsScreen : Screen
{
    // Cursor, mark and status before the first column.
    private const int Margin = 5;

    private static readonly KeyTable Table = new("jobs", JobsKeys.All, ListKeys.All);

    private readonly JobTable _jobs = new();
    private readonly Prompt _filter;
    private readonly HashSet<string> _hidden = [];
    private JobLook _look = new();
    private string _trouble = "";
    private JobsView _view = JobsView.Empty;
    private bool _preview;

    public JobsScreen(Frame frame)
        : base(frame, Table)
    {
        _filter = new Prompt("/", text => Look(_look with { Filter = text }));
        Bind();
    }

    public override string Crumb => "jobs";

    public override string Aside
    {
        get
        {
            var parts = new List<string>();
            if (_jobs.Marks.Count > 0)
                parts.Add($"{Number(_jobs.Marks.Count)} marked");
            if (_look.OnlyFailed)
                parts.Add("failed alone");
            if (_look.OnlyMine)
                parts.Add("mine alone");
            if (_look.Sort is { } sort)
                parts.Add($"by {sort.Name} {(_look.Descending ? "▼" : "▲")}");
            parts.Add(
                $"{Number(_view.Rows.Count)} of {Number(_view.Total)}{(Frame.News.Truncated ? " newest" : "")}"
            );
            return string.Join(" · ", parts);
        }
    }

    /// <summary>Rows shown, in order.</summary>
    public IReadOnlyList<JobRow> Rows => _jobs.Rows;

    public JobTable Jobs => _jobs;

    /// <summary>Shows what fits a query.</summary>
    public void Filter(string query) => _filter.Set(query);

    public override bool Tick()
    {
        if (ReferenceEquals(Frame.News.Jobs, _view))
            return false;
        _view = Frame.News.Jobs;
        _jobs.Accept(_view.Rows);
        return true;
    }

    public override bool Type(KeyPress key) => _filter.Press(key);

    public override bool Clear()
    {
        if (_filter.Clear())
            return true;
        if (_look.OnlyFailed || _look.OnlyMine)
        {
            Look(_look with { OnlyFailed = false, OnlyMine = false });
            return true;
        }
        var marked = _jobs.Marks.Count > 0;
        _jobs.Unmark();
        return marked;
    }

    public override void Paint(Canvas canvas)
    {
        if (_filter.Visible)
        {
            _filter.Paint(canvas.Part(0, 0, canvas.Width, 1), _trouble);
            canvas = canvas.Part(0, 1, canvas.Width, canvas.Height - 1);
        }
        if (_preview && Frame.IsFull(canvas.Width, canvas.Height + 4))
        {
            var height = JobPreview.Height;
            PaintPreview(canvas.Part(0, canvas.Height - height, canvas.Width, height));
            canvas = canvas.Part(0, 0, canvas.Width, canvas.Height - height);
        }
        var columns = JobColumns.Fit(_hidden, canvas.Width - Margin - 1);
        PaintTitles(canvas, columns);
        PaintRows(canvas.Part(0, 1, canvas.Width, canvas.Height - 1), columns);
    }

    public override void Point(int x, int y, Pointing pointing)
    {
        var line = y - 1 - (_filter.Visible ? 1 : 0);
        if (pointing is Pointing.WheelUp or Pointing.WheelDown)
            _jobs.Scroll(pointing == Pointing.WheelUp ? -3 : 3);
        else if (line >= 0 && line < _jobs.Height && _jobs.Top + line < _jobs.Rows.Count)
        {
            _jobs.GoTo(_jobs.Top + line);
            if (pointing == Pointing.DoubleClick)
                Do(JobsKeys.Open);
        }
    }

    private void PaintTitles(Canvas canvas, IReadOnlyList<(JobColumn Column, int Width)> columns)
    {
        var x = Margin;
        foreach (var (column, width) in columns)
        {
            var sorted = column.Field == _look.Sort;
            var title = sorted ? column.Title + (_look.Descending ? "▼" : "▲") : column.Title;
            var style = new Style(sorted ? Ink.Accent : Ink.Muted, Strong: true);
            if (column.Right)
                canvas.TextRight(x + width, 0, title, style);
            else
                canvas.Text(x, 0, title, style, width);
            x += width + 2;
        }
    }

    private void PaintRows(Canvas canvas, IReadOnlyList<(JobColumn Column, int Width)> columns)
    {
        _jobs.Resize(canvas.Height);
        if (_jobs.Rows.Count == 0)
        {
            canvas.Text(Margin, 1, Nothing(), Ink.Muted);
            return;
        }
        var now = Frame.Now;
        for (var y = 0; y < canvas.Height && _jobs.Top + y < _jobs.Rows.Count; y++)
        {
            var row = _jobs.Rows[_jobs.Top + y];
            if (_jobs.Marks.Contains(row.First))
                canvas.Put(1, y, '▪', Ink.Accent);
            var look = StatusLook.Of(JobCells.StatusOf(row));
            canvas.Put(3, y, look.Glyph, look.Style);
            var x = Margin;
            foreach (var (column, width) in columns)
            {
                JobCells.Paint(canvas, x, y, width, column, row, now);
                x += width + 2;
            }
            if (_jobs.Top + y != _jobs.Cursor)
                continue;
            canvas.Ground(y, Ground.Cursor);
            canvas.Put(0, y, '▌', new Style(Ink.Accent, Ground.Cursor));
        }
    }

    private string Nothing() =>
        _view.Total > 0 ? "No job fits. Esc clears the filter."
        : Frame.Cloud.Link.State == Cloud.LinkState.Joining ? Frame.Cloud.Link.Why
        : "There are no jobs yet.";

    private void PaintPreview(Canvas canvas)
    {
        if (_jobs.Current is { } row)
            JobPreview.Paint(canvas, row, Frame);
    }

    private void Look(JobLook look)
    {
        _look = look;
        var read = look.Read(Frame.Options.Me);
        _trouble = read.Ok ? "" : read.Errors[0].Message;
        if (read.Ok)
            Frame.Follower.Look(read.Value);
    }

    private static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);
}
