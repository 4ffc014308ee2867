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

    private readonly TicketOffice office = TicketOffice.Of(place);
    private volatile TaskCompletionSource<IActorRef> door = NewDoor();
    private volatile TaskCompletionSource giveUp = new();
    private volatile Ticket? ticket;
    private IReadOnlyList<long> visible = [];
    private DateTimeOffset? staleSince;
    private bool wasStarted;
    private bool wasLive;

    public TimeSpan? AnswerWithin =>
        ticket is { } known ? TimeSpan.FromMilliseconds(known.AnswerWithinMs) : null;

    /// <summary>The way to the cloud, once there is one.</summary>
    public Task<IActorRef> DoorAsync(CancellationToken cancel) => door.Task.WaitAsync(cancel);

    public void Look(IReadOnlyList<long> jids)
    {
        visible = jids;
        if (door.Task.IsCompletedSuccessfully)
            door.Task.Result.Tell(new DoorClient.Look(jids));
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

    private LinkState Unreached => wasLive ? LinkState.Stale : LinkState.Joining;

    /// <summary>Lives as a member until that has come to an end.</summary>
    private async Task JoinAsync(Ticket given, CancellationToken cancel)
    {
        ticket = given;
        (giveUp, staleSince) = (new TaskCompletionSource(), null);
        var addresses = given.Addresses.Select(Address.Parse).ToArray();
        var system = ClientSystem.Create(addresses[0], log, place.Paths, given.Clients);
        try
        {
            var client = system.ActorOf(DoorClient.Props(given, this, clock), "client");
            client.Tell(new DoorClient.Look(visible));
            door.TrySetResult(client);
            Akka.Cluster.Cluster.Get(system).JoinSeedNodes(addresses);
            await Task.WhenAny(
                system.WhenTerminated,
                giveUp.Task,
                NodeIsNewAsync(addresses),
                CancelledAsync(cancel)
            );
            door = NewDoor();
            giveUp.TrySetResult();
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

    /// <summary>Ends when the node that gave the ticket, silent before, answers as another: it started anew,
    /// and the cluster that was joined may be no more.</summary>
    private async Task NodeIsNewAsync(IReadOnlyList<Address> known)
    {
        var over = giveUp.Task;
        while (!over.IsCompleted)
        {
            await Task.WhenAny(over, Task.Delay(Pause, clock));
            if (
                staleSince is not null
                && await office.TryAskAsync(CancellationToken.None) is { Message: { } given }
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
            var reply = await office.TryAskAsync(cancel);
            if (reply?.Message is { } given)
                return given;
            var why = reply?.Refusal?.Message ?? $"no node answers at {place.Server}";
            if (reply is null && place.MayStart && !wasStarted)
            {
                wasStarted = true;
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
        wasLive |= state == LinkState.Live;
        sink.Linked(
            wasLive || state == LinkState.Live ? state : LinkState.Joining,
            node,
            since,
            why
        );
        if (state != LinkState.Stale)
            staleSince = null;
        else if (clock.GetUtcNow() - (staleSince ??= clock.GetUtcNow()) >= GiveUpAfter)
            giveUp.TrySetResult();
    }

    /// <summary>Time enough to try another node.</summary>
    private TimeSpan GiveUpAfter => TimeSpan.FromMilliseconds(ticket?.StaleMs ?? 0);

    /// <summary>The node is asked for another, but never more often than it can give.</summary>
    public async void TicketIsUnknown()
    {
        if (
            await office.TryAskAsync(CancellationToken.None) is { Message: { } given }
            && door.Task.IsCompletedSuccessfully
        )
            door.Task.Result.Tell(new DoorClient.NewTicket(given));
    }

    private static TaskCompletionSource<IActorRef> NewDoor() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
