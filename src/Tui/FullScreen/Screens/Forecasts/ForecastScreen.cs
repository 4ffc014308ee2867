using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Forecasts;

namespace JobCloud.Tui.FullScreen.Screens.Forecasts;

/// <summary>What the nodes run, and where and when queued jobs are expected to start.</summary>
internal sealed partial class ForecastScreen : Screen
{
    private static readonly KeyTable Table = new("forecast", ForecastKeys.All, ListKeys.All);

    private const string NoJob = "There is no job here that you can open.";

    private readonly RowCursor<ForecastLane, ForecastLaneKey> _lanes = new(lane => lane.Key);
    private readonly ForecastLoader _loader;
    private KnownForecast? _seen;

    // Null: the shortest that has all known starts and ends.
    private int? _period;

    // The instant under the cursor: of the bars on its lane, the nearest is named.
    private long _at;

    public ForecastScreen(MainWindow window)
        : base(window, Table)
    {
        _loader = new ForecastLoader(window);
        OnMoves(_lanes);
        On(ForecastKeys.Wider, () => Zoom(1), () => IsShown);
        On(ForecastKeys.Narrower, () => Zoom(-1), () => IsShown);
        On(
            ForecastKeys.Earlier,
            () => Step(-1),
            () => Beside(-1) is not null,
            "These are the first jobs here."
        );
        On(
            ForecastKeys.Later,
            () => Step(1),
            () => Beside(1) is not null,
            "These are the last jobs here."
        );
        On(ForecastKeys.Open, Open, () => Bar is { First: > 0 }, NoJob);
    }

    public override string Crumb => "forecast";

    public override string Aside =>
        !IsShown ? ""
        : _loader.Error.Length > 0 ? _loader.Error
        : $"next {Period.Name}";

    // Of the past there is none.
    private bool IsShown => _seen is not null && Window.Past is null;

    private ForecastBar? Bar => IsShown ? _lanes.Current?.Nearest(_at) : null;

    private int PeriodPlace => _period ?? ForecastPeriod.PlaceFor(_seen!.Reply);

    private ForecastPeriod Period => ForecastPeriod.All[PeriodPlace];

    public override bool Tick()
    {
        var changed = _loader.Tick();
        if (ReferenceEquals(_seen, _loader.Forecast))
            return changed;
        var hadBars = _seen?.Reply.Bars.Count > 0;
        var named = Bar;
        _seen = _loader.Forecast!;
        Lay(_layout.Most, named);
        if (!hadBars)
            Name(_ => true);
        return true;
    }

    public override bool Clear()
    {
        var wasSet = _period is not null;
        _period = null;
        return wasSet;
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        if (!IsShown)
            return;
        if (pointing is MouseAction.WheelUp or MouseAction.WheelDown)
            _lanes.Scroll(pointing == MouseAction.WheelUp ? -1 : 1);
        else if (y >= 1 && y < _layout.NamedAt && _lanes.Top + y - 1 < _lanes.Rows.Count)
        {
            _lanes.GoTo(_lanes.Top + y - 1);
            _at = (_scale.InstantAt(x - _left) + _scale.InstantAt(x - _left + 1)) / 2;
        }
        else if (y > _layout.ListAt && ListedAt(y) is { } jobs)
            Name(bar => bar.First > 0 && bar.First >= jobs.First && bar.First <= jobs.Last);
        else
            return;
        if (pointing == MouseAction.DoubleClick)
            Do(ForecastKeys.Open);
    }

    // The named bar stays named, even if it moves.
    private void Lay(int most, ForecastBar? named)
    {
        _lanes.Accept(ForecastLane.Of(_seen!.Reply, Math.Max(1, most)));
        if (named is { First: > 0 } && !Name(bar => bar.Running == named.Running && IsSame(bar)))
            Name(IsSame);

        bool IsSame(ForecastBar bar) =>
            bar.Node == named.Node && bar.First <= named.First && named.First <= bar.Last;
    }

    // Names the first bar of which something is true; false: there is none.
    private bool Name(Func<ForecastBar, bool> isWanted)
    {
        for (var i = 0; i < _lanes.Rows.Count; i++)
            if (_lanes.Rows[i].Bars.FirstOrDefault(isWanted) is { } bar)
            {
                _lanes.GoTo(i);
                _at = bar.From;
                return true;
            }
        return false;
    }

    private ForecastBar? Beside(int places) =>
        Bar is { } bar ? _lanes.Current!.Beside(bar, places) : null;

    private void Step(int places) => _at = Beside(places)!.From;

    private void Zoom(int places) =>
        _period = Math.Clamp(PeriodPlace + places, 0, ForecastPeriod.All.Count - 1);

    private ForecastJobs? ListedAt(int y) =>
        y < _layout.ListAt + _layout.List
            ? _seen!.Queued.ElementAtOrDefault(_listTop + y - _layout.ListAt - 1)
            : null;

    private string TimeOf(long at) => Instants.Brief(at, _seen!.Reply.At, Window.OffsetAt(at));

    private void Open()
    {
        var bar = Bar!;
        var jid = new Jid(bar.First);
        Window.Open(
            _seen!.IsOfMap(bar) ? Window.Screens.Map(Window, jid) : Window.Screens.Job(Window, jid)
        );
    }
}
