using System.Globalization;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The jobs of a map, one row each. The feed has only one row per map, so the jobs are
/// requested whenever that row changes.</summary>
internal sealed class MapScreen : JobListScreen
{
    /// <summary>The maximum number of rows.</summary>
    public const int MaxRows = 1_000;

    private static readonly KeyTable Table = new("map", JobsKeys.All, ListKeys.All);

    // The pause between requests while the map keeps changing, and for a map too old for the feed.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PauseUnfed = TimeSpan.FromSeconds(2);

    // The time to wait for an answer before asking again.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly JobRow _map;
    private TimeSpan _next;

    // The map's row in the feed at the last request.
    private JobRow? _shownRow;
    private bool _answered;
    private bool _truncated;

    public MapScreen(MainWindow window, JobRow map)
        : base(window, Table) => _map = map;

    public override string Crumb =>
        $"map {JidNotation.Print(JidRanges.Range(_map.First, _map.Last))}";

    public override string Aside =>
        (Jobs.Marks.Count > 0 ? $"{Jobs.Marks.Count} marked · " : "")
        + (_truncated ? $"the first {Rows.Count}" : $"{Rows.Count}")
        + " of "
        + (_map.Last - _map.First + 1).ToString("#,0", CultureInfo.InvariantCulture);

    protected override string EmptyText => _answered ? "These jobs no longer exist." : "Loading…";

    public override bool Tick()
    {
        var now = Window.Elapsed;
        var feedRow = Window.Follower.Rows([_map.First]) is [var row] ? row : null;
        if (
            now < _next
            || (_answered && feedRow is not null && ReferenceEquals(feedRow, _shownRow))
        )
            return false;
        _next = now + RetryAfter;
        Window.Send(
            CloudCalls.List.With(
                new()
                {
                    Query = $"jid>={_map.First} jid<={_map.Last} sort=jid",
                    Limit = MaxRows,
                    Expand = true,
                }
            ),
            list => Take(list, feedRow)
        );
        return false;
    }

    public override bool Clear()
    {
        var marked = Jobs.Marks.Count > 0;
        Jobs.Unmark();
        return marked;
    }

    public override void Paint(Canvas canvas) =>
        PaintTable(canvas, [], sort: null, descending: false);

    public override void Point(int x, int y, MouseAction pointing) => PointRow(y - 1, pointing);

    protected override IReadOnlyList<JobRow> Marked() =>
        [.. Rows.Where(row => Jobs.Marks.Contains(row.First))];

    private void Take(ListReply list, JobRow? feedRow)
    {
        (_answered, _truncated, _shownRow) = (true, list.Truncated, feedRow);
        _next = Window.Elapsed + (_shownRow is null ? PauseUnfed : Pause);
        Jobs.Accept(list.Rows);
    }
}
