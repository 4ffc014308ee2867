using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The cloud, reached by joining it as a member of role client. It is joined anew, for as
/// long as this lives, whenever that comes to an end.</summary>
internal sealed class ClusterCloud : ICloud
{
    /// <summary>Until a ticket says how long.</summary>
    private static readonly TimeSpan DefaultAnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>Of one message of an answer, in bytes.</summary>
    private const int LongestMessage = 64 << 20;

    private readonly Channel<FeedNews> _news = Channel.CreateUnbounded<FeedNews>();
    private readonly CancellationTokenSource _ending = new();
    private readonly TimeProvider _clock;
    private readonly Membership _membership;
    private readonly Task _life;
    private volatile Link _link;
    private long _lastCall;

    private ClusterCloud(CloudPlace place, string programs, UiLog log, TimeProvider clock)
    {
        _clock = clock;
        _link = new Link(LinkState.Joining, "", clock.GetUtcNow(), "joining the cloud");
        _membership = new Membership(place, programs, log, new Sink(this), clock);
        // Akka.NET takes a while to load: the first picture does not wait for it.
        _life = Task.Run(() => _membership.RunAsync(_ending.Token), CancellationToken.None);
    }

    public ChannelReader<FeedNews> News => _news.Reader;
    public Link Link => _link;

    /// <summary>Returns at once; what comes of it is told by <see cref="Link"/>.</summary>
    /// <param name="programs">The folder in which the other programs of JobCloud are.</param>
    public static ClusterCloud Join(
        CloudPlace place,
        string programs,
        UiLog log,
        TimeProvider clock
    ) => new(place, programs, log, clock);

    public void Look(IReadOnlyList<long> visible) => _membership.Look(visible);

    public async Task<Heard<T>> AskAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        limit.CancelAfter(_membership.AnswerWithin ?? DefaultAnswerWithin);
        try
        {
            await foreach (var heard in HearAsync(request, limit.Token))
                return heard;
            return new(null, PendingCall.Lost("The answer was empty; try again."));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(
                null,
                new Refusal
                {
                    Code = RefusalCode.Timeout,
                    Message =
                        _link.Node.Length > 0
                            ? $"Node {_link.Node} did not answer in time; look before you try again."
                            : "No node of the cloud is reached now; nothing was asked of it.",
                }
            );
        }
    }

    public async IAsyncEnumerable<Heard<T>> HearAsync<T>(
        CallRequest<T> request,
        [EnumeratorCancellation] CancellationToken cancel
    )
        where T : class, IMessage<T>
    {
        var number = Interlocked.Increment(ref _lastCall);
        var call = new PendingCall(number, request.Envelope(), LongestMessage);
        var door = await _membership.DoorAsync(cancel);
        door.Tell(new DoorClient.Begin(call));
        try
        {
            await foreach (
                var message in call.ReadAsync(() => door.Tell(new DoorClient.Taken(call)), cancel)
            )
                yield return new Heard<T>(request.Replies.ParseFrom(message), null);
            if (call.Refusal is { } refusal)
                yield return new Heard<T>(null, refusal);
        }
        finally
        {
            door.Tell(new DoorClient.End(number));
        }
    }

    /// <summary>Leaves the cloud.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ending.IsCancellationRequested)
            await _ending.CancelAsync();
        await _life;
        _news.Writer.TryComplete();
    }

    private sealed class Sink(ClusterCloud cloud) : ICloudSink
    {
        /// <summary>Messages that wait for the screen before the node is asked to hold
        /// back.</summary>
        private const int NewsMost = 64;

        public bool IsFull => cloud._news.Reader.Count >= NewsMost;

        public void Push(FeedNews said) => cloud._news.Writer.TryWrite(said);

        public void Linked(LinkState state, string node, DateTimeOffset since, string why)
        {
            var known = cloud._link;
            cloud._link = new Link(
                state,
                node,
                known.State == state && state != LinkState.Live ? known.Since : since,
                why
            );
            Push(new FeedNews());
        }

        public Task<Ticket?> RenewTicketAsync() => cloud._membership.RenewTicketAsync();
    }
}
