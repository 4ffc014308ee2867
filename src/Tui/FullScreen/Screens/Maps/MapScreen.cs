using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model.Maps;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Maps;

/// <summary>A map: counts, runtimes, failures by reason, a heat-map of its jobs and the list of
/// them.</summary>
internal sealed partial class MapScreen : FilteredJobListScreen
{
    private static readonly KeyTable Table = new(
        "map",
        JobsKeys.All,
        JobsKeys.OfList,
        MapKeys.All,
        ListKeys.All
    );

    // The lines of the list that the heat-map leaves.
    private const int MinList = 6;

    private readonly Jid _jid;
    private readonly MapLoader _loader;
    private HeatMeasure _measure;
    private bool _onHeat;
    private bool _zoomed;
    private bool _toTop;

    // The job under the cursor of the heat-map; 0: that of the list.
    private long _named;
    private HeatMap? _heat;
    private (int Top, int Height) _heatPlace;
    private int _listTop;

    private MapScreen(MainWindow window, Jid jid)
        : base(window, Table)
    {
        _jid = jid;
        _loader = new MapLoader(window, jid);
        BindMap();
    }

    public override bool ShowsPast => false;

    public override string Crumb =>
        Map is { } map
            ? $"map {JidNotation.Print(JidRanges.Range(map.First, map.Last))}"
            : $"map {_jid}";

    public override string Aside
    {
        get
        {
            var parts = Parts();
            if (!_loader.IsCurrent)
                parts.Add("asking…");
            if (Map is { } map)
                parts.Add($"{Number(Rows.Count)} of {Number(map.Last - map.First + 1)}");
            return string.Join(" · ", parts);
        }
    }

    private MapReply? Map => _loader.Map;

    public static Screen Open(MainWindow window, Jid jid) => new MapScreen(window, jid);

    public override void Closed() => _loader.Dispose();

    public override bool Tick()
    {
        var visible = Jobs.InSight.Select(row => row.First);
        if (!_loader.Tick(_named > 0 ? visible.Append(_named) : visible))
            return false;
        if (!ReferenceEquals(_loader.Found, Rows))
            Jobs.Accept(_loader.Found);
        if (_toTop && _loader.IsCurrent)
        {
            _toTop = false;
            Jobs.GoTo(0);
        }
        return true;
    }

    public override void Paint(Canvas canvas)
    {
        if (Map is not { } map)
        {
            canvas.Text(1, 1, _loader.Error.Length > 0 ? _loader.Error : "Loading…", Ink.Muted);
            return;
        }
        var top = Math.Min(MapPainting.SummaryLines(map), Math.Max(2, canvas.Height / 4));
        MapPainting.Summary(canvas.Part(0, 0, canvas.Width, top), map);
        top = PaintHeat(canvas, map, top);
        _listTop = top;
        if (_zoomed)
            return;
        var list = canvas.Part(0, top, canvas.Width, canvas.Height - top);
        if (_loader.Error.Length > 0)
        {
            list.Text(1, 0, _loader.Error, Ink.Warning);
            list = list.Part(0, 1, list.Width, list.Height - 1);
        }
        list = PaintFilter(list);
        PaintTable(list, [], Chosen.Sort, Chosen.Descending);
    }

    public override void Point(int x, int y, MouseAction pointing)
    {
        var line = y - _heatPlace.Top;
        if (
            _heat is { } heat
            && line >= 0
            && line < _heatPlace.Height
            && pointing is MouseAction.Click or MouseAction.DoubleClick
        )
            PointCell(heat, x - 1, line, pointing);
        else if (y == _listTop + FilterLines && pointing == MouseAction.Click)
            SortAt(x);
        else
        {
            (_onHeat, _named) = (false, 0);
            PointRow(y - _listTop - FilterLines - 1, pointing);
        }
    }

    protected override JobRow? Current => _named > 0 ? _loader.Found.RowOf(_named) : base.Current;

    protected override string EmptyText =>
        !_loader.IsCurrent
            ? "Asking the node…"
            : "No matching elements. Press Esc to clear the filter.";

    protected override IReadOnlyList<JobRow> Marked() =>
        [.. Jobs.Marks.Order().Select(_loader.Found.RowOf)];

    protected override void Apply(BoundQuery query)
    {
        if (Chosen.Print() is { } text)
            _loader.SetQuery(text);
    }

    protected override void Sorted() => _toTop = true;

    // Returns the line below the heat-map.
    private int PaintHeat(Canvas canvas, MapReply map, int top)
    {
        var signs = Window.Ascii || !Window.Palette.HasColors;
        var each = signs ? 1 : 2;
        var room = canvas.Height - top - 1 - (_zoomed ? 0 : Math.Max(MinList, canvas.Height / 3));
        if (room < 1)
        {
            (_heat, _heatPlace) = (null, (top, 0));
            return top;
        }
        _heat = HeatMap.Of(map, canvas.Width - 2, room * each);
        var height = Math.Min(room, (_heat.Lines + each - 1) / each);
        _heatPlace = (top + 1, height);
        var cursor = Current is { } row ? _heat.CellOf(row.First) : -1;
        MapPainting.Legend(
            canvas.Part(0, top, canvas.Width, 1),
            _heat,
            _measure,
            Math.Max(0, cursor)
        );
        var marks = Jobs.Marks.Select(_heat.CellOf).ToHashSet();
        var cells = canvas.Part(1, top + 1, canvas.Width - 2, height);
        MapPainting.Cells(cells, _heat, _measure, cursor, marks.Contains, signs);
        if (_onHeat)
            canvas.Put(0, top, '▌', Ink.Accent);
        return top + 1 + height;
    }
}
