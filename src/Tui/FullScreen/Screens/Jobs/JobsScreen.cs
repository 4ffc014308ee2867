using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The job table.</summary>
internal sealed class JobsScreen : FilteredJobListScreen
{
    private static readonly KeyTable Table = new(
        "jobs",
        JobsKeys.All,
        JobsKeys.OfList,
        JobsKeys.OfTable,
        ListKeys.All
    );

    private readonly HashSet<string> _hidden;
    private readonly FailureLoader _failures;
    private readonly EndWatch _ends = new();
    private JobsView _view = JobsView.Empty;
    private TableQuery? _query;

    // The query whose first rows are to be shown; null: none.
    private TableQuery? _toTop;

    // The newest job when the newest were last in sight; later ones are new.
    private long _newest;
    private bool _preview;

    // The filter for which each job of a map has a row, in the past.
    private string? _expanded;

    public JobsScreen(MainWindow window)
        : base(window, Table)
    {
        _failures = new FailureLoader(window);
        var chosen = window.Preferences;
        _hidden = [.. chosen.HiddenColumns];
        var sort = JobColumns.All.FirstOrDefault(column => column.Name == chosen.Sort);
        if (sort is not null)
            Look(new JobTableQuery { Sort = sort, Descending = chosen.Descending });
        On(JobsKeys.OnlyMine, () => Look(Chosen with { OnlyMine = !Chosen.OnlyMine }));
        On(JobsKeys.Columns, () => Window.ShowDialog(new ColumnsOverlay(Window, _hidden)));
        On(JobsKeys.Preview, () => _preview = !_preview);
    }

    /// <summary>Shows the jobs of a status.</summary>
    public static void ShowStatus(MainWindow window, Status status) =>
        window
            .Root<JobsScreen>(GlobalKeys.Jobs)
            .Filter($"{RowFields.Status.Name}={StatusNames.Of(status)}");

    public override string Crumb => "jobs";

    public override string Aside
    {
        get
        {
            var parts = Parts();
            if (Window.Snapshot.Processing.Count == FeedLimits.Visible)
                parts.Add($"of the oldest {Number(FeedLimits.Visible)} processing");
            if (CountNew() is > 0 and var fresh)
                parts.Insert(0, $"▲ {Number(fresh)} new");
            parts.Add(
                $"{Number(_view.Rows.Count)} of {Number(_view.Total)}{(Window.Snapshot.Truncated ? " newest" : "")}"
            );
            return string.Join(" · ", parts);
        }
    }

    public override bool Tick()
    {
        var changed = Window.Past is null && _failures.Tick(Jobs.InSight);
        if (!ReferenceEquals(Window.Snapshot.Jobs, _view))
        {
            Accept(Window.Snapshot.Jobs);
            changed = true;
        }
        if (Window.NewJob == 0 || !Jobs.GoToKey(Window.NewJob))
            return changed;
        Window.NewJob = 0;
        return true;
    }

    private void Accept(JobsView view)
    {
        _view = view;
        // As a follower of a log, the newest stay in sight while the cursor is on them; so do those
        // that use most.
        var atTop = (IsNewestFirst || _view.Query.By is not null) && Jobs is { Cursor: 0, Top: 0 };
        Jobs.Accept(_view.Rows);
        if (atTop || (_toTop is not null && ReferenceEquals(_toTop, _view.Query)))
        {
            _toTop = null;
            Jobs.GoTo(0);
        }
    }

    /// <summary>Calls the user when marked jobs have ended.</summary>
    public override void Watch()
    {
        var marked = Jobs.Marks.Count <= EndWatch.Max ? Window.Follower.Rows(Jobs.Marks) : [];
        var ended = _ends.Ended(marked);
        if (ended.Count == 0)
            return;
        var text = EndWatch.TextOf(ended);
        Window.Effects.Enqueue(new Effect.Notify(text));
        Window.ShowToast(text, ended.Any(EndWatch.HasFailed) ? ToastKind.Error : ToastKind.Done);
    }

    public override bool Type(KeyPress key)
    {
        Window.NewJob = 0;
        return base.Type(key);
    }

    public override void Paint(Canvas canvas)
    {
        canvas = PaintFilter(canvas);
        if (_preview && MainWindow.IsFull(canvas.Width, canvas.Height + 4))
        {
            var height = JobPreview.Height;
            PaintPreview(canvas.Part(0, canvas.Height - height, canvas.Width, height));
            canvas = canvas.Part(0, 0, canvas.Width, canvas.Height - height);
        }
        PaintTable(canvas, _hidden, Chosen.Sort, Chosen.Descending);
        if (Jobs.Top == 0 && Jobs.Rows.Count > 0)
            _newest = Math.Max(_newest, Jobs.Rows[0].First);
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        var line = y - 1 - FilterLines;
        if (line == -1 && pointing == MouseAction.Click)
            SortAt(x);
        else
            PointRow(line, pointing);
    }

    protected override IReadOnlyList<JobRow> Marked() => Window.Follower.Rows(Jobs.Marks.Order());

    protected override string ReasonOf(JobRow row) =>
        Window.Past is not null ? ""
        : _failures.Of(row) is { Length: > 0 } failures ? failures
        : base.ReasonOf(row);

    protected override string EmptyText =>
        Window.Past is { } past
            ? past.IsLoaded
                ? "There were no such jobs."
                : "Loading…"
            : _view.Total > 0
                ? "No matching jobs. Press Esc to clear the filter."
                : Window.Cloud.Link.State == Cloud.LinkState.Joining
                    ? Window.Cloud.Link.Why
                    : "No jobs yet. Press c to submit one.";

    protected override void Apply(BoundQuery query)
    {
        _query = new TableQuery(query, Chosen.OrderOf(query));
        Window.Follower.SetQuery(_query);
        ShowPast();
    }

    /// <summary>Shows the jobs that failed in a time, as they were at its end.</summary>
    public static void ShowFailed(MainWindow window, long from, long until)
    {
        window.TravelTo(Math.Min(until - 1, window.Clock.NowMicroseconds() - 1));
        var screen = window.Root<JobsScreen>(GlobalKeys.Jobs);
        screen._expanded =
            $"status=error,killed,stalled finished>={Time(from)} finished<{Time(until)}";
        screen.Filter(screen._expanded);

        static string Time(long at) => Instants.Print(at, TimeSpan.Zero)[..16];
    }

    public override void Moved() => ShowPast();

    public override void Shown() => ShowPast();

    protected override void Open()
    {
        if (Window.Past is null || Current is not { } row || row.First == row.Last)
            base.Open();
        else
            Filter(_expanded = $"map:{row.First}");
    }

    private void ShowPast() => Window.Past?.Show(Chosen.Print() ?? "", Chosen.Filter == _expanded);

    protected override IReadOnlyList<JobColumn> SortColumns => JobColumns.Sortable;

    /// <summary>An order by usage needs that of all processing jobs.</summary>
    public override IReadOnlyList<long> VisibleJobs =>
        [.. base.VisibleJobs.Union(Window.Snapshot.Processing)];

    protected override void Sorted()
    {
        _toTop = _query;
        Window.ChangePreferences(preferences =>
            preferences with
            {
                Sort = Chosen.Sort?.Name,
                Descending = Chosen.Descending,
            }
        );
    }

    private bool IsNewestFirst => _view.Query.IsNewestFirst;

    // New rows stand above all that were there when the newest were last in sight.
    private int CountNew()
    {
        var fresh = 0;
        if (IsNewestFirst && _newest > 0)
            while (fresh < Jobs.Top && Jobs.Rows[fresh].First > _newest)
                fresh++;
        return fresh;
    }

    private void PaintPreview(Canvas canvas)
    {
        if (Jobs.Current is { } row)
            JobPreview.Paint(canvas, row, ReasonOf(row), Window);
    }
}
