using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The job table.</summary>
internal sealed partial class JobsScreen : JobListScreen
{
    private static readonly KeyTable Table = new(
        "jobs",
        JobsKeys.All,
        JobsKeys.OfTable,
        ListKeys.All
    );

    private readonly Prompt _filter;
    private readonly HashSet<string> _hidden;
    private JobTableQuery _look = new();
    private string _error = "";
    private JobsView _view = JobsView.Empty;
    private bool _preview;

    public JobsScreen(MainWindow window)
        : base(window, Table)
    {
        _filter = new Prompt("/", text => Look(_look with { Filter = text }));
        var chosen = window.Preferences;
        _hidden = [.. chosen.HiddenColumns];
        var sort = JobColumns.All.FirstOrDefault(column => column.Name == chosen.Sort)?.Field;
        if (sort is not null)
            Look(new JobTableQuery { Sort = sort, Descending = chosen.Descending });
        Bind();
    }

    public override string Crumb => "jobs";

    public override string Aside
    {
        get
        {
            var parts = new List<string>();
            if (Jobs.Marks.Count > 0)
                parts.Add($"{Number(Jobs.Marks.Count)} marked");
            if (_look.OnlyFailed)
                parts.Add("failed only");
            if (_look.OnlyMine)
                parts.Add("mine only");
            if (_look.Sort is { } sort)
                parts.Add($"by {sort.Name} {(_look.Descending ? "▼" : "▲")}");
            parts.Add(
                $"{Number(_view.Rows.Count)} of {Number(_view.Total)}{(Window.Snapshot.Truncated ? " newest" : "")}"
            );
            return string.Join(" · ", parts);
        }
    }

    /// <summary>Filters the table by a query.</summary>
    public void Filter(string query) => _filter.Set(query);

    public override bool Tick()
    {
        if (ReferenceEquals(Window.Snapshot.Jobs, _view))
            return false;
        _view = Window.Snapshot.Jobs;
        Jobs.Accept(_view.Rows);
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
        var marked = Jobs.Marks.Count > 0;
        Jobs.Unmark();
        return marked;
    }

    public override void Paint(Canvas canvas)
    {
        if (_filter.Visible)
        {
            _filter.Paint(canvas.Part(0, 0, canvas.Width, 1), _error);
            canvas = canvas.Part(0, 1, canvas.Width, canvas.Height - 1);
        }
        if (_preview && MainWindow.IsFull(canvas.Width, canvas.Height + 4))
        {
            var height = JobPreview.Height;
            PaintPreview(canvas.Part(0, canvas.Height - height, canvas.Width, height));
            canvas = canvas.Part(0, 0, canvas.Width, canvas.Height - height);
        }
        PaintTable(canvas, _hidden, _look.Sort, _look.Descending);
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        var line = y - 1 - (_filter.Visible ? 1 : 0);
        if (line == -1 && pointing == MouseAction.Click)
            SortAt(x);
        else
            PointRow(line, pointing);
    }

    protected override IReadOnlyList<JobRow> Marked() => Window.Follower.Rows(Jobs.Marks.Order());

    protected override string EmptyText =>
        _view.Total > 0 ? "No matching jobs. Press Esc to clear the filter."
        : Window.Cloud.Link.State == Cloud.LinkState.Joining ? Window.Cloud.Link.Why
        : "No jobs yet.";

    private void PaintPreview(Canvas canvas)
    {
        if (Jobs.Current is { } row)
            JobPreview.Paint(canvas, row, Window);
    }

    private void Look(JobTableQuery look)
    {
        _look = look;
        var read = look.Read(Window.Options.Me);
        _error = read.Ok ? "" : read.Errors[0].Message;
        if (read.Ok)
            Window.Follower.SetQuery(read.Value);
    }

    private static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);
}
