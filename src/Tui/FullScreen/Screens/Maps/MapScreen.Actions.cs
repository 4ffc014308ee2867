using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Model.Maps;
using JobCloud.Tui.FullScreen.Screens.Jobs;

namespace JobCloud.Tui.FullScreen.Screens.Maps;

internal sealed partial class MapScreen
{
    /// <summary>Rows that are saved to a file, at most.</summary>
    private const int MaxSaved = 10_000;

    public override bool Clear()
    {
        if (!_onHeat)
            return base.Clear();
        (_onHeat, _named) = (false, 0);
        return true;
    }

    /// <summary>Opens the element, or lists those of a cell that stands for several.</summary>
    protected override void Open()
    {
        if (!_onHeat || _heat is not { Jobs: > 1 } heat || Current is not { } row)
        {
            base.Open();
            return;
        }
        var (first, last) = heat.JobsOf(heat.CellOf(row.First));
        (_onHeat, _named, _zoomed) = (false, 0, false);
        Filter($"jid>={first} jid<={last}");
    }

    // A cell that stands for several elements marks them all.
    protected override void Mark()
    {
        if (_named == 0 || _heat is not { } heat)
        {
            base.Mark();
            return;
        }
        var (first, last) = heat.Jobs > 1 ? heat.JobsOf(heat.CellOf(_named)) : (_named, _named);
        if (!Jobs.TryMark(first, last))
            Window.ShowToast(
                $"At most {Number(JobTable.MaxMarks)} elements can be marked.",
                ToastKind.Error
            );
    }

    // Rows of marked jobs may not have been read: the cloud counts them.
    protected override void Change(JobVerb verb)
    {
        if (Jobs.Marks.Count > 0)
            JobActions.Change(Window, verb, JobActions.Select(Jobs.Marks));
        else
            base.Change(verb);
    }

    protected override void Prioritize()
    {
        if (Jobs.Marks.Count > 0)
            Window.ShowDialog(
                new PriorityOverlay(Window, JobActions.Select(Jobs.Marks), Current?.Priority ?? 0)
            );
        else
            base.Prioritize();
    }

    protected override void Save()
    {
        var jids = Enumerable.Range(0, Rows.Count).Select(_loader.Found.KeyAt);
        if (Rows.Count > MaxSaved)
            Window.ShowToast(
                $"At most {Number(MaxSaved)} rows are saved: filter the list first.",
                ToastKind.Error
            );
        else
            _loader.Read([.. jids], () => Window.ShowDialog(new SaveOverlay(Window, [.. Rows])));
    }

    private void BindMap()
    {
        On(MapKeys.Left, () => MoveCell(-1), HasHeat, NoHeat);
        On(MapKeys.Right, () => MoveCell(1), HasHeat, NoHeat);
        On(MapKeys.Focus, Focus, HasHeat, NoHeat);
        On(MapKeys.Zoom, () => (_zoomed, _onHeat) = (!_zoomed, !_zoomed), () => Map is not null);
        On(MapKeys.Measure, () => _measure = (HeatMeasure)(((int)_measure + 1) % 3));
        On(
            MapKeys.RetryFailed,
            () => JobActions.Change(Window, JobVerb.Retry, [AsRow(Map!)]),
            () => Map is { } map && JobVerb.Retry.Changes(AsRow(map)),
            "No element of this map has failed."
        );
    }

    /// <summary>The moves of the list, which go line by line on the heat-map while it has the
    /// focus.</summary>
    protected override bool MoveBy(int rows)
    {
        if (!_onHeat || _heat is not { } heat)
        {
            _named = 0;
            return false;
        }
        MoveCell(Math.Clamp(rows, -heat.Lines, heat.Lines) * heat.Width);
        return true;
    }

    private const string NoHeat =
        "The heat-map does not fit here: enlarge the terminal or press z.";

    private bool HasHeat() => _heat is not null;

    private void Focus()
    {
        _onHeat = !_onHeat;
        if (!_onHeat)
            _named = 0;
    }

    private void MoveCell(int cells)
    {
        if (_heat is not { Count: > 0 } heat)
            return;
        var at = Current is { } row ? heat.CellOf(row.First) : 0;
        Name(heat, Math.Clamp(at + cells, 0, heat.Count - 1));
    }

    // The cursor of the list follows, if the job is in it.
    private void Name(HeatMap heat, int cell)
    {
        (_onHeat, _named) = (true, heat.JobsOf(cell).First);
        Jobs.GoToKey(_named);
    }

    // Two cells stand on each other: a second click names the lower one.
    private void PointCell(HeatMap heat, int x, int line, MouseAction pointing)
    {
        var signs = Window.Ascii || !Window.Palette.HasColors;
        var cell = (signs ? line : 2 * line) * heat.Width + x;
        if (x < 0 || x >= heat.Width || cell >= heat.Count)
            return;
        if (pointing == MouseAction.DoubleClick)
        {
            Do(JobsKeys.Open);
            return;
        }
        var below = cell + heat.Width;
        var isNamed = _named > 0 && heat.CellOf(_named) == cell;
        Name(heat, !signs && isNamed && below < heat.Count ? below : cell);
    }

    private static JobRow AsRow(MapReply map) =>
        new()
        {
            First = map.First,
            Last = map.Last,
            Counts = { map.Counts },
        };
}
