using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model.Maps;

namespace JobCloud.Tui.FullScreen.Screens.Maps;

/// <summary>Keeps a map up to date: the map as a whole when its row in the feed changes, and the
/// rows in sight.</summary>
/// <param name="jid">Any job of the map.</param>
internal sealed class MapLoader(MainWindow window, long jid) : IDisposable
{
    /// <summary>Rows that one request asks for, at most.</summary>
    public const int MaxRows = 1_000;

    // The pause between requests, and its ratio to the time that the last answer took.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private const int PauseRatio = 4;

    // The pause while jobs run, or for a map too old for the feed.
    private static readonly TimeSpan LivePause = TimeSpan.FromSeconds(2);

    private const int MaxKept = 20_000;

    private readonly CancellationTokenSource _life = new();
    private readonly Dictionary<long, JobRow> _rows = [];
    private readonly Dictionary<long, int> _rounds = [];
    private string _query = "";
    private string? _answered;
    private JobRow? _fed;
    private TimeSpan _next;
    private TimeSpan _nextLive;
    private int _round;
    private bool _asking;
    private bool _askingRows;
    private bool _changed;

    /// <summary>The map; null: not known yet.</summary>
    public MapReply? Map { get; private set; }

    /// <summary>The jobs that match the query.</summary>
    public Elements Found { get; private set; } = Elements.None;

    /// <summary>Why the last request was refused; empty: it was not.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Whether <see cref="Found"/> is of the query set last.</summary>
    public bool IsCurrent => _answered == _query;

    /// <summary>Sets which jobs are wanted, and in what order.</summary>
    public void SetQuery(string query) => _query = query;

    /// <summary>Sends the requests that are due; returns whether something changed.</summary>
    /// <param name="visible">The jobs in sight.</param>
    public bool Tick(IEnumerable<long> visible)
    {
        var now = window.Elapsed;
        var fed = Map is null ? null : window.Follower.Rows([Map.First]).FirstOrDefault();
        var isChanged =
            Map is null
            || !ReferenceEquals(fed, _fed)
            || (now >= _nextLive && (fed is null || IsRunning));
        if (!_asking && (!IsCurrent || (isChanged && now >= _next)))
            Ask(fed, isChanged && now >= _next);
        if (!_askingRows && Map is not null)
            AskRows(visible);
        var changed = _changed;
        _changed = false;
        return changed;
    }

    /// <summary>Reads the rows of jobs, then runs an action on the UI thread.</summary>
    public void Read(IReadOnlyList<long> jids, Action then)
    {
        var missing = jids.Where(each => !_rows.ContainsKey(each)).Take(MaxRows).ToList();
        if (missing.Count == 0)
            then();
        else
            AskRows(missing, () => Read([.. jids.Except(missing)], then));
    }

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    private bool IsRunning => Map?.Counts.ElementAtOrDefault((int)Status.Processing) > 0;

    /// <param name="whole">Whether the map as a whole is wanted too, not only what matches.</param>
    private void Ask(JobRow? fed, bool whole)
    {
        var (asked, query) = (window.Elapsed, _query);
        _asking = true;
        var request = new MapViewRequest
        {
            Jid = jid,
            Cells = whole ? HeatMap.MaxCells : 0,
            Failures = whole,
            Find = true,
            Query = query,
        };
        _ = AskAsync(
            request,
            answer =>
            {
                (_asking, _answered) = (false, query);
                Error = answer.Refusal?.Message ?? "";
                if (whole)
                    Pace(window.Elapsed - asked, fed);
                if (answer.Message is not { } map)
                {
                    _next = _nextLive;
                    return;
                }
                if (whole)
                {
                    // The first answer tells which row of the feed is the map's.
                    if (Map is null)
                        _fed = window.Follower.Rows([map.First]).FirstOrDefault();
                    (Map, _round) = (map, _round + 1);
                }
                Found = new Elements(Elements.Jids(map), _rows);
            }
        );
    }

    private void Pace(TimeSpan took, JobRow? fed)
    {
        var pause = took * PauseRatio;
        _fed = fed;
        _next = window.Elapsed + (pause > Pause ? pause : Pause);
        _nextLive = window.Elapsed + (pause > LivePause ? pause : LivePause);
    }

    // Rows that were read before the last answer may have changed.
    private void AskRows(IEnumerable<long> visible)
    {
        var wanted = visible
            .Where(each => _rounds.GetValueOrDefault(each) < _round)
            .Take(MaxRows)
            .ToList();
        if (wanted.Count == 0)
            return;
        _askingRows = true;
        AskRows(wanted, () => _askingRows = false);
    }

    private void AskRows(List<long> jids, Action then)
    {
        var (request, round) = (new MapViewRequest { Jid = jid }, _round);
        request.Rows.AddRange(
            JidRanges.Normalize(jids.Select(each => JidRanges.Range(each, each)))
        );
        _ = AskAsync(
            request,
            answer =>
            {
                if (_rows.Count > MaxKept)
                    _rows.Clear();
                foreach (var each in jids)
                    _rounds[each] = round;
                if (_rounds.Count > 2 * MaxKept)
                    _rounds.Clear();
                foreach (var row in answer.Message?.Rows ?? [])
                    _rows[row.First] = row;
                then();
            }
        );
    }

    private async Task AskAsync(MapViewRequest request, Action<CallResult<MapReply>> then)
    {
        try
        {
            var answer = await window
                .Cloud.AskAsync(CloudCalls.Map.With(request), _life.Token)
                .ConfigureAwait(false);
            window.Post(() =>
            {
                _changed = true;
                then(answer);
            });
        }
        catch (OperationCanceledException) { }
    }
}
