using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model.Detail;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Detail;

/// <summary>The screen of one job, with live tabs.</summary>
internal sealed class JobScreen : Screen
{
    private static readonly KeyTable Table = new("job", JobKeys.All, ListKeys.All);
    private static readonly DetailTab[] Tabs = Enum.GetValues<DetailTab>();

    private readonly Jid _jid;
    private readonly JobDetailLoader _watch;
    private IReadOnlyList<DetailRow> _rows = [];
    private DetailTab _tab;

    // The column of the selected instant in the plots; null: the newest.
    private int? _time;
    private int _cursor;
    private int _top;
    private int _width = 80;
    private int _canvasWidth = 80;
    private int _height = 1;

    public JobScreen(MainWindow window, Jid jid)
        : base(window, Table)
    {
        _jid = jid;
        _watch = new JobDetailLoader(window, jid).Begin();
        On(JobKeys.NextTab, () => Turn(1));
        On(JobKeys.PreviousTab, () => Turn(-1));
        On(JobKeys.Open, () => window.Open(new JobScreen(window, Row!.Jid)), () => Row?.Jid > 0);
        On(JobKeys.Output, () => window.Open(window.Screens.Output(window, jid)));
        On(JobKeys.Files, () => window.Open(window.Screens.Files(window, jid)));
        On(JobKeys.Earlier, () => MoveTime(-1), () => _tab == DetailTab.Usage);
        On(JobKeys.Later, () => MoveTime(1), () => _tab == DetailTab.Usage && _time is not null);
        OnMoves();
        BindActions();
    }

    public override string Crumb => $"job {_jid}";

    public override string Aside => _watch.Known?.Job.Spec?.Label ?? "";

    private JobDetail? Job => _watch.Known?.Job;
    private DetailRow? Row => _cursor < _rows.Count ? _rows[_cursor] : null;

    public static Screen Open(MainWindow window, Jid jid) => new JobScreen(window, jid);

    public static Screen Events(MainWindow window, Jid jid) =>
        new JobScreen(window, jid) { _tab = DetailTab.Events };

    public static Screen Explain(MainWindow window, Jid jid) =>
        new JobScreen(window, jid) { _tab = DetailTab.Explain };

    public override bool Tick() => _watch.Tick(_tab == DetailTab.Dependencies);

    /// <summary>Digits choose tabs here, not screens.</summary>
    public override bool Type(KeyPress key)
    {
        if (key.Name is not [>= '1' and <= '9' and var digit] || digit - '1' >= Tabs.Length)
            return false;
        Turn(digit - '1' - (int)_tab);
        return true;
    }

    public override bool Clear()
    {
        var hadTime = _time is not null;
        _time = null;
        return hadTime;
    }

    public override void Closed() => _watch.Dispose();

    public override void Point(int x, int y, MouseAction pointing)
    {
        switch (pointing)
        {
            case MouseAction.WheelUp or MouseAction.WheelDown:
                Move(pointing == MouseAction.WheelUp ? -3 : 3);
                break;
            case MouseAction.Click when y == 1:
                var tab = JobPainting.TabAt(x, _canvasWidth, _tab);
                if (tab is { } hit)
                    Turn(hit - _tab);
                break;
            case MouseAction.Click when y >= 3 && _tab == DetailTab.Usage:
                SelectTime(PlotPanel.ColumnAt(x - 1));
                break;
            case MouseAction.Click when y >= 3:
                Move(_top + y - 3 - _cursor);
                break;
        }
    }

    public override void Paint(Canvas canvas)
    {
        if (_watch.Known is not { } known)
        {
            canvas.Text(1, 1, _watch.Error.Length > 0 ? _watch.Error : "Loading…", Ink.Muted);
            return;
        }
        var (now, offset) = (Window.Now, Window.OffsetAt(Window.Now));
        _canvasWidth = canvas.Width;
        JobPainting.Heading(canvas.Part(0, 0, canvas.Width, 1), known, now);
        JobPainting.Tabs(canvas.Part(0, 1, canvas.Width, 1), _tab);
        canvas.Fill(0, 2, canvas.Width, Ink.Rule, '─');
        var isSplit =
            _tab == DetailTab.Overview && MainWindow.IsFull(canvas.Width, canvas.Height + 5);
        var body = canvas.Part(0, 3, canvas.Width, canvas.Height - 3);
        var left = isSplit ? body.Part(0, 0, body.Width / 2, body.Height) : body;
        (_width, _height) = (left.Width - 2, left.Height);
        Lay();
        JobPainting.Rows(left, _rows, _top, _tab == DetailTab.Usage ? -1 : _cursor);
        if (!isSplit)
            return;
        var right = body.Part(left.Width, 0, body.Width - left.Width, body.Height);
        var plots = UsageTab.Rows(
            known.Job,
            right.Width - 2,
            right.Height,
            now,
            offset,
            look: Look
        );
        JobPainting.Rows(right, plots, 0, -1);
    }

    private void OnMoves()
    {
        On(ListKeys.Down, () => Move(1));
        On(ListKeys.Up, () => Move(-1));
        On(ListKeys.PageDown, () => Move(_height));
        On(ListKeys.PageUp, () => Move(-_height));
        On(ListKeys.HalfDown, () => Move(_height / 2));
        On(ListKeys.HalfUp, () => Move(-_height / 2));
        On(ListKeys.First, () => Move(-_rows.Count));
        On(ListKeys.Last, () => Move(_rows.Count));
    }

    private void BindActions()
    {
        On(JobKeys.Shell, () => JobActions.Shell(Window, _jid), () => Is(JobActions.IsProcessing));
        On(
            JobKeys.Kill,
            () => JobActions.Change(Window, JobVerb.Kill, AsRow()),
            () => Is(JobVerb.Kill.Changes)
        );
        On(
            JobKeys.Retry,
            () => JobActions.Change(Window, JobVerb.Retry, AsRow()),
            () => Is(JobVerb.Retry.Changes)
        );
        On(
            JobKeys.Delete,
            () => JobActions.Change(Window, JobVerb.Delete, AsRow()),
            () => Is(JobVerb.Delete.Changes)
        );
        On(
            JobKeys.SubmitCopy,
            () => Window.Open(Window.Screens.Submit(Window, Job)),
            () => Job?.Spec is not null
        );
        On(JobKeys.Copy, () => Copy(Row!.Copied), () => Row?.Copied.Length > 0);
        On(
            JobKeys.CopyCommand,
            () => Copy(SubmitCommandLine.Of(Job!)),
            () => Job?.Spec is not null
        );
    }

    private void Turn(int tabs)
    {
        var next = ((int)_tab + tabs + Tabs.Length) % Tabs.Length;
        (_tab, _cursor, _top) = (Tabs[next], 0, 0);
        Lay();
    }

    private void MoveTime(int columns) =>
        SelectTime((_time ?? PlotPanel.PlotWidth(_width)) + columns);

    // Beyond the right edge, the newest instant is selected again.
    private void SelectTime(int column) =>
        _time = column < PlotPanel.PlotWidth(_width) ? Math.Max(0, column) : null;

    private void Lay()
    {
        if (_watch.Known is { } known)
        {
            var offset = Window.OffsetAt(Window.Now);
            _rows = DetailRows.Of(_tab, known, _width, _height, Window.Now, offset, _time, Look);
        }
        Move(0);
    }

    // Keeps the cursor visible. Titles of tables do not take it.
    private void Move(int rows)
    {
        var step = rows < 0 ? -1 : 1;
        _cursor = Math.Clamp(_cursor + rows, 0, Math.Max(0, _rows.Count - 1));
        while (IsTitle(_cursor) && _cursor + step >= 0 && _cursor + step < _rows.Count)
            _cursor += step;
        while (IsTitle(_cursor) && _cursor + 1 < _rows.Count)
            _cursor++;
        _top = Math.Clamp(_top, Math.Max(0, _cursor - _height + 1), _cursor);
        // The titles above the first row stay visible with it.
        while (_top > 0 && _top == _cursor && IsTitle(_top - 1) && _height > 1)
            _top--;
    }

    private bool IsTitle(int row) =>
        row < _rows.Count && _rows[row].Kind is RowKind.Heading or RowKind.Card;

    // Braille dots have no likeness in ASCII.
    private PlotLook Look => Window.Ascii ? PlotLook.Bars : PlotLook.Dots;

    private IReadOnlyList<JobRow> AsRow() => [RowBuilder.Job(Job!)];

    private bool Is(Func<JobRow, bool> state) => Job is { } job && state(RowBuilder.Job(job));

    private void Copy(string text)
    {
        Window.Effects.Enqueue(new Effect.Copy(text));
        Window.ShowToast(
            text.Length > 60 ? $"Copied {Sizes.Print(text.Length)}." : $"Copied {text}."
        );
    }
}
