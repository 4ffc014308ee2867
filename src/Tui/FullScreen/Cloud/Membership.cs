using Akka.Actor;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>Joins the cloud with a node's ticket, and joins again when the cluster has removed this
/// member or all nodes have been silent for too long.</summary>
internal sealed class Membership(
    ConnectionOptions place,
    string programs,
    UiLog log,
    ICloudSink sink,
    TimeProvider clock
) : ICloudSink
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The time to leave the cluster; then the member is aborted, and the others detect
    /// its loss.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);

    private readonly TicketClient _tickets = TicketClient.Of(place);
    private volatile TaskCompletionSource<IActorRef> _gateway = NewGateway();
    private volatile TaskCompletionSource _giveUp = new();
    private volatile Ticket? _ticket;
    private IReadOnlyList<long> _visible = [];
    private long? _staleSince;

    // Why the local node did not start; null: it was not tried, or it started.
    private string? _notStarted;

    // Whether to start a local node when none responds.
    private volatile bool _mayStart = true;
    private bool _wasLive;

    public TimeSpan? AnswerWithin =>
        _ticket is { } known ? TimeSpan.FromMilliseconds(known.AnswerWithinMs) : null;

    /// <summary>The actor that talks to a gateway, as soon as there is one.</summary>
    public Task<IActorRef> GatewayAsync(CancellationToken cancel) =>
        _gateway.Task.WaitAsync(cancel);

    public bool CanStartNode => place.CanAutostart;

    /// <summary>Starts a local node if none responds.</summary>
    public void StartNode()
    {
        _mayStart = true;
        if (_staleSince is not null)
            _giveUp.TrySetResult();
    }

    public void SetVisible(IReadOnlyList<long> jids)
    {
        _visible = jids;
        if (_gateway.Task.IsCompletedSuccessfully)
            _gateway.Task.Result.Tell(new GatewayClientActor.VisibleJobs(jids));
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
                log.Write("Cannot join the cloud; retrying.", e);
                LinkChanged(Unreached, "", clock.GetUtcNow(), e.Message);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
    }

    private LinkState Unreached => _wasLive ? LinkState.Stale : LinkState.Joining;

    /// <summary>Joins the cluster and waits until the membership ends.</summary>
    private async Task JoinAsync(Ticket ticket, CancellationToken cancel)
    {
        _ticket = ticket;
        (_giveUp, _staleSince) = (new TaskCompletionSource(), null);
        var addresses = ticket.Addresses.Select(Address.Parse).ToArray();
        var system = ClientSystem.Create(addresses[0], log, place.Paths, ticket.Clients);
        try
        {
            var client = system.ActorOf(GatewayClientActor.Props(ticket, this, clock), "client");
            client.Tell(new GatewayClientActor.VisibleJobs(_visible));
            _gateway.TrySetResult(client);
            Akka.Cluster.Cluster.Get(system).JoinSeedNodes(addresses);
            await Task.WhenAny(
                system.WhenTerminated,
                _giveUp.Task,
                NodeIsNewAsync(addresses),
                CancelledAsync(cancel)
            );
            _gateway = NewGateway();
            _giveUp.TrySetResult();
            if (cancel.IsCancellationRequested)
                await client.Ask(new GatewayClientActor.Leave(), LeaveWithin);
            else
                LinkChanged(Unreached, "", clock.GetUtcNow(), "rejoining the cloud");
        }
        finally
        {
            await LeaveAsync(system, gracefully: cancel.IsCancellationRequested);
        }
    }

    /// <summary>Leaves the cluster in order, or only stops the system where the cluster removes the
    /// member anyway.</summary>
    private static async Task LeaveAsync(ActorSystem system, bool gracefully)
    {
        if (gracefully)
            await Task.WhenAny(
                CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance),
                Task.Delay(LeaveWithin)
            );
        if (!system.WhenTerminated.IsCompleted)
            ((ExtendedActorSystem)system).Abort();
        await Task.WhenAny(system.WhenTerminated, Task.Delay(LeaveWithin));
    }

    /// <summary>Completes when the node that issued the ticket was silent and now answers with a
    /// new address: it has restarted, and the cluster that was joined may no longer
    /// exist.</summary>
    private async Task NodeIsNewAsync(IReadOnlyList<Address> known)
    {
        var ended = _giveUp.Task;
        while (!ended.IsCompleted)
        {
            await Task.WhenAny(ended, Task.Delay(Pause, clock));
            if (
                _staleSince is not null
                && await _tickets.TryAskAsync(CancellationToken.None) is { Message: { } ticket }
                && !known.Contains(Address.Parse(ticket.Addresses[0]))
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
            var reply = await _tickets.TryAskAsync(cancel);
            if (reply?.Message is { } ticket)
                return ticket;
            var reason =
                reply?.Refusal?.Message ?? _notStarted ?? $"no node responds at {place.Server}";
            if (reply is null && place.CanAutostart && _mayStart)
            {
                _mayStart = false;
                LinkChanged(Unreached, "", clock.GetUtcNow(), "starting a local node");
                if (
                    await LocalNodeStarter.StartAsync(place.Paths.Home, programs, cancel)
                    is not { } error
                )
                    continue;
                reason = _notStarted = $"cannot start a local node: {error}";
                log.Write(reason);
            }
            LinkChanged(Unreached, "", clock.GetUtcNow(), reason);
            await Task.Delay(Pause, clock, cancel);
        }
    }

    public bool IsFull => sink.IsFull;

    public void Push(Protocol.Feed.FeedNews news) => sink.Push(news);

    public void LinkChanged(LinkState state, string node, DateTimeOffset since, string reason)
    {
        if (state == LinkState.Live)
            // Who stops the node later wants it stopped: only the user starts it again.
            (_wasLive, _mayStart, _notStarted) = (true, false, null);
        sink.LinkChanged(
            _wasLive || state == LinkState.Live ? state : LinkState.Joining,
            node,
            since,
            reason
        );
        if (state != LinkState.Stale)
            _staleSince = null;
        else if (clock.GetElapsedTime(_staleSince ??= clock.GetTimestamp()) >= GiveUpAfter)
            _giveUp.TrySetResult();
    }

    /// <summary>The time after which a stale membership is given up: long enough to try another
    /// node.</summary>
    private TimeSpan GiveUpAfter => TimeSpan.FromMilliseconds(_ticket?.StaleMs ?? 0);

    /// <summary>Requests a new ticket from the node. If the node refuses, because the access token
    /// ended, so does the membership.</summary>
    public async Task<Ticket?> RenewTicketAsync()
    {
        var reply = await _tickets.TryAskAsync(CancellationToken.None);
        if (reply?.Refusal is { Code: RefusalCode.NotAllowed } refusal)
        {
            LinkChanged(LinkState.Stale, "", clock.GetUtcNow(), refusal.Message);
            _giveUp.TrySetResult();
        }
        return reply?.Message;
    }

    private static TaskCompletionSource<IActorRef> NewGateway() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
