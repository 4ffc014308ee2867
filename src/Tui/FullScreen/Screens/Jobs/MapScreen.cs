using System.Globalization;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Tui.FullScreen.Keys;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The jobs of a map, a row each. The feed has maps folded: they are asked for whenever it
/// tells that something of the map changed.</summary>
internal sealed class MapScreen : JobListScreen
{
    /// <summary>Rows at most.</summary>
    public const int Most = 1_000;

    private static readonly KeyTable Table = new("map", JobsKeys.All, ListKeys.All);

    // Between two answers while it changes on and on; of a map that is older than what the feed
    // tells of.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PauseUntold = TimeSpan.FromSeconds(2);

    // After a question that got no answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly JobRow _map;
    private DateTimeOffset _next;

    // As the feed told of it when it was asked for last.
    private JobRow? _told;
    private bool _answered;
    private bool _truncated;

    public MapScreen(Frame frame, JobRow map)
        : base(frame, Table) => _map = map;

    public override string Crumb => $"map {Jids.Print(JidRanges.Range(_map.First, _map.Last))}";

    public override string Aside =>
        (Jobs.Marks.Count > 0 ? $"{Jobs.Marks.Count} marked · " : "")
        + (_truncated ? $"the first {Rows.Count}" : $"{Rows.Count}")
        + " of "
        + (_map.Last - _map.First + 1).ToString("#,0", CultureInfo.InvariantCulture);

    protected override string Nothing => _answered ? "There is no such job any more." : "…";

    public override bool Tick()
    {
        var now = Frame.Clock.GetUtcNow();
        var told = Frame.Follower.Rows([_map.First]) is [var row] ? row : null;
        if (now < _next || (_answered && told is not null && ReferenceEquals(told, _told)))
            return false;
        _next = now + Patience;
        Frame.Send(
            CloudCalls.List.With(
                new()
                {
                    Query = $"jid>={_map.First} jid<={_map.Last} sort=jid",
                    Limit = Most,
                    Expand = true,
                }
            ),
            list => Take(list, told)
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

    public override void Point(int x, int y, Pointing pointing) => PointRow(y - 1, pointing);

    protected override IReadOnlyList<JobRow> Marked() =>
        [.. Rows.Where(row => Jobs.Marks.Contains(row.First))];

    private void Take(ListReply list, JobRow? told)
    {
        (_answered, _truncated, _told) = (true, list.Truncated, told);
        _next = Frame.Clock.GetUtcNow() + (_told is null ? PauseUntold : Pause);
        Jobs.Accept(list.Rows);
    }
}
