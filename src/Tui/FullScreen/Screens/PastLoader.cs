using Google.Protobuf;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>Loads what the cloud was at an instant of the past: jobs, nodes, counts and events. Of
/// the instants that are passed meanwhile it asks only the last.</summary>
internal sealed class PastLoader(MainWindow window)
{
    /// <summary>The newest submissions that are listed.</summary>
    public const int MaxRows = 2_000;

    /// <summary>The jobs from which the nodes are derived.</summary>
    private const int MaxRunning = 10_000;

    private const long Second = 1_000_000;

    private Wanted _wanted = new(0, "", false);
    private Wanted? _asked;
    private Snapshot _snapshot = Snapshot.Empty;
    private bool _changed;
    private bool _asking;

    /// <summary>The instant, in µs.</summary>
    public long At => _wanted.At;

    /// <summary>Jobs that were processing, and that had not started; null: not known yet.</summary>
    public (long Processing, long Unstarted)? Counts { get; private set; }

    /// <summary>Whether what is shown is of this instant.</summary>
    public bool IsLoaded => _asked == _wanted && !_asking;

    /// <summary>Why something could not be loaded; empty: all was.</summary>
    public string Error { get; private set; } = "";

    public void GoTo(long at) => _wanted = _wanted with { At = at };

    /// <summary>Sets what the job table shows.</summary>
    /// <param name="isExpanded">A row for each job of a map.</param>
    public void Show(string query, bool isExpanded) =>
        _wanted = _wanted with { Query = query, IsExpanded = isExpanded };

    /// <summary>The new state of the past; null: nothing changed.</summary>
    public Snapshot? Tick()
    {
        if (!_asking && _asked != _wanted)
            Ask(_wanted);
        if (!_changed)
            return null;
        _changed = false;
        return _snapshot = _snapshot with { Version = _snapshot.Version + 1 };
    }

    private void Ask(Wanted wanted)
    {
        var isOther = _asked?.At != wanted.At;
        (_asking, _asked, Error) = (true, wanted, "");
        _ = AskAsync(wanted, isOther);
    }

    private async Task AskAsync(Wanted wanted, bool isOther)
    {
        try
        {
            await AskAsync(Listed(wanted.Query, MaxRows, wanted.IsExpanded), SetRows)
                .ConfigureAwait(false);
            if (isOther)
            {
                await AskAsync(Listed("status=processing", MaxRunning, true), SetNodes)
                    .ConfigureAwait(false);
                await AskAsync(
                        CloudCalls.Activity.With(
                            new()
                            {
                                From = wanted.At - Second + 1,
                                SpanUs = Second,
                                Spans = 1,
                            }
                        ),
                        SetCounts
                    )
                    .ConfigureAwait(false);
                await AskEventsAsync(wanted.At).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        window.Post(() => _asking = false);

        CallRequest<ListReply> Listed(string query, int limit, bool isExpanded) =>
            CloudCalls.List.With(
                new()
                {
                    Query = query,
                    Limit = limit,
                    Expand = isExpanded,
                    AsOf = wanted.At,
                }
            );
    }

    private async Task AskAsync<T>(CallRequest<T> request, Action<T> then)
        where T : class, IMessage<T>
    {
        var answer = await window.Cloud.AskAsync(request, window.Life).ConfigureAwait(false);
        window.Post(() =>
        {
            if (answer.Message is { } reply)
                then(reply);
            else
                Error = answer.Refusal!.Message;
            _changed = true;
        });
    }

    private async Task AskEventsAsync(long at)
    {
        var request = new EventsRequest { Tail = CloudState.EventsKept, Until = at };
        var events = new List<JobEvent>();
        var answers = window.Cloud.StreamAsync(CloudCalls.Events.With(request), window.Life);
        await foreach (var (reply, refusal) in answers.ConfigureAwait(false))
            if (reply is not null)
                events.AddRange(reply.Events);
            else
                window.Post(() => Error = refusal!.Message);
        window.Post(() =>
        {
            var log = new EventLog(CloudState.EventsKept);
            log.AddPast(events, events.Count > 0 ? events[0].At : at);
            _snapshot = _snapshot with { Events = log.View(), EventsSince = log.Since };
            _changed = true;
        });
    }

    private void SetRows(ListReply reply) =>
        _snapshot = _snapshot with
        {
            Jobs = _snapshot.Jobs with { Rows = reply.Rows, Total = reply.Rows.Count },
            Truncated = reply.Truncated,
        };

    private void SetCounts(ActivityReply reply) =>
        Counts = (reply.Processing[0], reply.Unstarted[0]);

    private void SetNodes(ListReply reply) =>
        _snapshot = _snapshot with { Nodes = PastNodes.Of(reply.Rows, window.Follower.Newest) };

    /// <param name="IsExpanded">A row for each job of a map.</param>
    private sealed record Wanted(long At, string Query, bool IsExpanded);
}
