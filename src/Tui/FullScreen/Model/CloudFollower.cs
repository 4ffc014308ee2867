using JobCloud.Protocol.Api;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>Reads the news beside the screens and has the newest snapshot ready for them.</summary>
internal sealed class CloudFollower(ICloud cloud, TimeProvider clock)
{
    // However fast news come, no eye is faster.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CloudState _state = new();
    private Snapshot _newest = Snapshot.Empty;

    // Of the moment that the news tell of, there are more to come.
    private bool _more;

    // What the screens want and is not done yet: they never wait for the lock.
    private BoundQuery? _query;
    private IReadOnlyList<long>? _visible;

    public Snapshot Newest => Volatile.Read(ref _newest);

    /// <summary>Which rows are wanted, in which order.</summary>
    public void Look(BoundQuery query)
    {
        Volatile.Write(ref _query, query);
        _ = Task.Run(CatchUp);
    }

    /// <summary>What these processing jobs use is wanted from now on, and nobody else's.</summary>
    public void Look(IReadOnlyList<long> visible)
    {
        Volatile.Write(ref _visible, visible);
        cloud.Look(visible);
    }

    /// <summary>The rows that begin with these jids, as they are now; those that are gone are left
    /// out.</summary>
    public IReadOnlyList<JobRow> Rows(IEnumerable<long> firsts)
    {
        lock (_lock)
            return [.. firsts.Select(_state.Find).OfType<JobRow>()];
    }

    /// <summary>Takes in all news there are; what they tell is shown when it is whole.</summary>
    public void CatchUp()
    {
        lock (_lock)
        {
            while (cloud.News.TryRead(out var news))
            {
                _state.Apply(news);
                _more = news.More;
            }
            if (Interlocked.Exchange(ref _visible, null) is { } visible)
                _state.Look(visible);
            var query = Interlocked.Exchange(ref _query, null);
            if (query is not null)
                _state.Look(query);
            else if (_more)
                return;
            Volatile.Write(ref _newest, _state.Take(clock.NowMicroseconds()));
        }
    }

    /// <summary>Until there will be no more news.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var news = cloud.News.WaitToReadAsync(cancel).AsTask();
        while (true)
        {
            await Task.WhenAny(news, Task.Delay(Beat, clock, cancel));
            cancel.ThrowIfCancellationRequested();
            if (news.IsCompleted)
            {
                if (!await news)
                    return;
                CatchUp();
                news = cloud.News.WaitToReadAsync(cancel).AsTask();
            }
            else
            {
                CatchUp();
            }
            await Task.Delay(Pace, clock, cancel);
        }
    }
}
