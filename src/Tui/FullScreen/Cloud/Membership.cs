using Akka.Actor;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Joins the cloud, again and again: with a ticket of a node, until the
/// cluster has removed this member or nobody has been heard for long.</summary>
internal sealed class Membership(
    CloudPlace place,
    string programs,
    UiLog log,
    ICloudSink sink,
    TimeProvider clock
) : ICloudSink
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A member that does not leave within this is ended: others notice soon.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);

    private readonly TicketOffice _office = TicketOffice.Of(place);
    private volatile TaskCompletionSource<IActorRef> _door = NewDoor();
    private volatile TaskCompletionSource _giveUp = new();
    private volatile Ticket? _ticket;
    private IReadOnlyList<long> _visible = [];
    private DateTimeOffset? _staleSince;
    private bool _wasStarted;
    private bool _wasLive;

    public TimeSpan? AnswerWithin =>
        _ticket is { } known ? TimeSpan.FromMilliseconds(known.AnswerWithinMs) : null;

    /// <summary>The way to the cloud, once there is one.</summary>
    public Task<IActorRef> DoorAsync(CancellationToken cancel) => _door.Task.WaitAsync(cancel);

    public void Look(IReadOnlyList<long> jids)
    {
        _visible = jids;
        if (_door.Task.IsCompletedSuccessfully)
            _door.Task.Result.Tell(new DoorClient.Look(jids));
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                await JoinAsync(await TicketAsync(cancel), cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.Write("The cloud could not be joined; it is tried again.", e);
                Linked(Unreached, "", clock.GetUtcNow(), e.Message);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
    }

    private LinkState Unreached => _wasLive ? LinkState.Stale : LinkState.Joining;

    /// <summary>Lives as a member until that has come to an end.</summary>
    private async Task JoinAsync(Ticket given, CancellationToken cancel)
    {
        _ticket = given;
        (_giveUp, _staleSince) = (new TaskCompletionSource(), null);
        var addresses = given.Addresses.Select(Address.Parse).ToArray();
        var system = ClientSystem.Create(addresses[0], log, place.Paths, given.Clients);
        try
        {
            var client = system.ActorOf(DoorClient.Props(given, this, clock), "client");
            client.Tell(new DoorClient.Look(_visible));
            _door.TrySetResult(client);
            Akka.Cluster.Cluster.Get(system).JoinSeedNodes(addresses);
            await Task.WhenAny(
                system.WhenTerminated,
                _giveUp.Task,
                NodeIsNewAsync(addresses),
                CancelledAsync(cancel)
            );
            _door = NewDoor();
            _giveUp.TrySetResult();
            if (cancel.IsCancellationRequested)
                await client.Ask(new DoorClient.Leave(), LeaveWithin);
            else
                Linked(Unreached, "", clock.GetUtcNow(), "joining the cloud again");
        }
        finally
        {
            await LeaveAsync(system, politely: cancel.IsCancellationRequested);
        }
    }

    /// <summary>Those who give a member up by themselves need no good-bye.</summary>
    private static async Task LeaveAsync(ActorSystem system, bool politely)
    {
        if (politely)
            await Task.WhenAny(
                CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance),
                Task.Delay(LeaveWithin)
            );
        if (!system.WhenTerminated.IsCompleted)
            ((ExtendedActorSystem)system).Abort();
        await Task.WhenAny(system.WhenTerminated, Task.Delay(LeaveWithin));
    }

    /// <summary>Ends when the node that gave the ticket, silent before, answers as another: it
    /// started anew, and the cluster that was joined may be no more.</summary>
    private async Task NodeIsNewAsync(IReadOnlyList<Address> known)
    {
        var over = _giveUp.Task;
        while (!over.IsCompleted)
        {
            await Task.WhenAny(over, Task.Delay(Pause, clock));
            if (
                _staleSince is not null
                && await _office.TryAskAsync(CancellationToken.None) is { Message: { } given }
                && !known.Contains(Address.Parse(given.Addresses[0]))
            )
                return;
        }
    }

    private static async Task CancelledAsync(CancellationToken cancel) =>
        await Task.Delay(Timeout.Infinite, cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<Ticket> TicketAsync(CancellationToken cancel)
    {
        while (true)
        {
            var reply = await _office.TryAskAsync(cancel);
            if (reply?.Message is { } given)
                return given;
            var why = reply?.Refusal?.Message ?? $"no node answers at {place.Server}";
            if (reply is null && place.MayStart && !_wasStarted)
            {
                _wasStarted = true;
                Linked(Unreached, "", clock.GetUtcNow(), "starting a local node");
                if (
                    await LocalNode.StartAsync(place.Paths.Home, programs, cancel)
                    is not { } trouble
                )
                    continue;
                why = $"a local node could not be started: {trouble}";
                log.Write(why);
            }
            Linked(Unreached, "", clock.GetUtcNow(), why);
            await Task.Delay(Pause, clock, cancel);
        }
    }

    public bool IsFull => sink.IsFull;

    public void Push(Protocol.Feed.FeedNews news) => sink.Push(news);

    public void Linked(LinkState state, string node, DateTimeOffset since, string why)
    {
        _wasLive |= state == LinkState.Live;
        sink.Linked(
            _wasLive || state == LinkState.Live ? state : LinkState.Joining,
            node,
            since,
            why
        );
        if (state != LinkState.Stale)
            _staleSince = null;
        else if (clock.GetUtcNow() - (_staleSince ??= clock.GetUtcNow()) >= GiveUpAfter)
            _giveUp.TrySetResult();
    }

    /// <summary>Time enough to try another node.</summary>
    private TimeSpan GiveUpAfter => TimeSpan.FromMilliseconds(_ticket?.StaleMs ?? 0);

    /// <summary>Asks the node for another ticket, but never more often than it can give.</summary>
    public async Task<Ticket?> RenewTicketAsync() =>
        (await _office.TryAskAsync(CancellationToken.None))?.Message;

    private static TaskCompletionSource<IActorRef> NewDoor() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
