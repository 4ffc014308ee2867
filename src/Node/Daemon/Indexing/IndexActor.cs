using System.Data.Common;
using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The index of one node. Takes rows from segments, writes them a moment later, and
/// answers queries from all rows received before. Writes block for a millisecond or two; a
/// dedicated thread would cost more to wake for each commit.</summary>
internal sealed class IndexActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly string _storeId;
    private readonly IndexSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<IActorRef> _listeners = [];
    private IndexConnection _index;

    /// <param name="storeId">The ID of the store whose jobs it lists.</param>
    public IndexActor(string path, string storeId, IndexSettings settings, NodeMeters meters)
    {
        _path = path;
        _storeId = storeId;
        _settings = settings;
        _index = IndexConnection.Open(path, storeId);
        meters.Observe(MetricCatalog.IndexPending, () => _index.Writer.Pending);
        Receive<SliceRows>(Add);
        Receive<WriteNow>(_ => Write());
        Receive<SubscribeToRows>(listen =>
        {
            Answer(index => index.Snapshot.Read(listen.MaxSubmissions));
            if (_listeners.Add(Sender))
                Context.Watch(Sender);
        });
        Receive<UnsubscribeFromRows>(_ =>
        {
            _listeners.Remove(Sender);
            Context.Unwatch(Sender);
        });
        Receive<Terminated>(terminated => _listeners.Remove(terminated.ActorRef));
        Receive<ListSubmissions>(list => Answer(index => index.List.Read(list)));
        Receive<ListSpanning>(list => Answer(index => index.List.ReadSpanning(list)));
        Receive<RankSegments>(rank => Answer(index => index.Ranked.Rank(rank)));
        Receive<ListSegments>(list => Answer(index => index.Ranked.Read(list)));
        Receive<FindLives>(find => Answer(index => index.Lives.Read(find)));
        Receive<FindMapSlices>(find => Answer(index => index.Reader.FindMaps(find)));
        Receive<FindOldSlices>(find => Answer(index => index.Reader.FindOld(find)));
        Receive<FindSlices>(find => Answer(index => index.Reader.Find(find)));
        Receive<ResolveSelection>(resolve => Answer(index => index.Resolver.Resolve(resolve)));
        Receive<FindDeleted>(find => Answer(index => index.Reader.FindDeleted(find)));
        Receive<FindRequest>(find => Answer(index => index.Reader.FindRequest(find)));
        Receive<FindSegmentsBehind>(find => Answer(index => index.Reader.FindBehind(find)));
        Receive<FindStaleSegments>(find =>
            Answer(index =>
            {
                index.Writer.Forget(index.Reader.FindMissing(find));
                return index.Reader.FindStale(find);
            })
        );
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        string path,
        string storeId,
        IndexSettings settings,
        NodeMeters? meters = null
    ) =>
        Akka.Actor.Props.Create(() =>
            new IndexActor(path, storeId, settings, meters ?? NodeMeters.None)
        );

    /// <summary>Rows that were not written yet are lost.</summary>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.System.EventStream.Publish(new IndexFellBehind());
    }

    protected override void PostStop()
    {
        Write();
        _index.Dispose();
    }

    private void Add(SliceRows changed)
    {
        var idle = _index.Writer.Idle;
        _index.Writer.Add(changed);
        foreach (var listener in _listeners)
            listener.Tell(changed);
        if (_index.Writer.Pending >= _settings.MaxPendingRows)
            Write();
        else if (idle)
            Timers.StartSingleTimer(WriteNow.Instance, WriteNow.Instance, _settings.WriteInterval);
    }

    /// <summary>Writes pending rows before the query, so that a client finds what it knows is
    /// committed.</summary>
    private void Answer(Func<IndexConnection, object> query)
    {
        try
        {
            _index.Writer.Write();
            Sender.Tell(query(_index));
        }
        catch (DbException e)
        {
            Sender.Tell(new Akka.Actor.Status.Failure(e));
            HandleError(e);
        }
    }

    private void Write()
    {
        try
        {
            _index.Writer.Write();
        }
        catch (DbException e)
        {
            HandleError(e);
        }
    }

    private void HandleError(DbException cause)
    {
        if (StoreDamage.IsDamage(cause))
        {
            _log.Warning(cause, "The index {0} is corrupt; rebuilding it from the journal.", _path);
            _index.Dispose();
            IndexFile.Delete(_path);
            Reopen();
        }
        else if (_index.Writer.Pending < _settings.MaxPendingRows)
        {
            _log.Warning(cause, "Cannot use the index {0}; retrying.", _path);
            Timers.StartSingleTimer(WriteNow.Instance, WriteNow.Instance, RetryDelay);
        }
        else
        {
            _log.Warning(
                cause,
                "Cannot write the index {0}; dropped its pending rows, to be read from the segments again.",
                _path
            );
            _index.Dispose();
            Reopen();
        }
    }

    private void Reopen()
    {
        _index = IndexConnection.Open(_path, _storeId);
        Context.System.EventStream.Publish(new IndexFellBehind());
    }

    private sealed class WriteNow
    {
        public static readonly WriteNow Instance = new();
    }
}
