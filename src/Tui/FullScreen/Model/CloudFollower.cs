using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Reads the feed in the background and keeps the newest snapshot for the
/// screens.</summary>
internal sealed class CloudFollower(ICloud cloud, TimeProvider clock)
{
    // Faster updates would not be visible.
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CloudState _state = new();
    private Snapshot _newest = Snapshot.Empty;

    /// <summary>How far back the past events go.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromDays(7);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    // Counts the complete states: an answer about an earlier one is dropped.
    private int _states;

    // More messages of the same update will follow.
    private bool _more;

    // Requests of the screens that are not applied yet: the screens never wait for the lock.
    private TableQuery? _query;
    private IReadOnlyList<long>? _visible;

    public Snapshot Newest => Volatile.Read(ref _newest);

    /// <summary>Sets the rows to show and their order.</summary>
    public void SetQuery(TableQuery query)
    {
        Volatile.Write(ref _query, query);
        _ = Task.Run(CatchUp);
    }

    /// <summary>Subscribes to the usage of these processing jobs and of no others.</summary>
    public void SetVisible(IReadOnlyList<long> visible)
    {
        Volatile.Write(ref _visible, visible);
        cloud.SetVisible(visible);
    }

    /// <summary>The current rows that begin with these jids; removed ones are left out.</summary>
    public IReadOnlyList<JobRow> Rows(IEnumerable<long> firsts)
    {
        lock (_lock)
            return [.. firsts.Select(_state.Find).OfType<JobRow>()];
    }

    /// <summary>Applies all pending feed messages; the snapshot changes once an update is
    /// complete.</summary>
    public void CatchUp()
    {
        lock (_lock)
        {
            while (cloud.Feed.TryRead(out var update))
            {
                _state.Apply(update);
                if (update.Full)
                    _ = LoadPastAsync(++_states);
                _more = update.More;
            }
            if (Interlocked.Exchange(ref _visible, null) is { } visible)
                _state.SetVisible(visible);
            var query = Interlocked.Exchange(ref _query, null);
            if (query is not null)
                _state.SetQuery(query);
            else if (_more)
                return;
            Volatile.Write(ref _newest, _state.Take(clock.NowMicroseconds()));
        }
    }

    /// <summary>Loads the events of before this client joined, and again if the node was too
    /// busy.</summary>
    private async Task LoadPastAsync(int state)
    {
        while (Volatile.Read(ref _states) == state)
        {
            var since = (clock.GetUtcNow() - Past).ToMicroseconds();
            var request = new EventsRequest { Tail = CloudState.EventsKept, Since = since };
            var (past, isWhole) = (new List<JobEvent>(), true);
            var answers = cloud
                .StreamAsync(CloudCalls.Events.With(request), CancellationToken.None)
                .ConfigureAwait(false);
            await foreach (var (reply, _) in answers)
                if (reply is null)
                    isWhole = false;
                else
                    past.AddRange(reply.Events);
            if (isWhole)
            {
                // Older events than the newest so many are missing.
                if (past.Count >= CloudState.EventsKept)
                    since = past[0].At;
                lock (_lock)
                    if (_states == state)
                        _state.AddPast(past, since);
                return;
            }
            await Task.Delay(RetryPause, clock, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Runs until the feed ends.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var available = cloud.Feed.WaitToReadAsync(cancel).AsTask();
        while (true)
        {
            await Task.WhenAny(available, Task.Delay(MaxInterval, clock, cancel));
            cancel.ThrowIfCancellationRequested();
            if (available.IsCompleted)
            {
                if (!await available)
                    return;
                CatchUp();
                available = cloud.Feed.WaitToReadAsync(cancel).AsTask();
            }
            else
            {
                CatchUp();
            }
            await Task.Delay(MinInterval, clock, cancel);
        }
    }
}
