using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The cloud, joined as a cluster member with role client. Joins again whenever the
/// membership ends, until it is disposed.</summary>
internal sealed class ClusterCloud : ICloud
{
    /// <summary>The time limit for an answer until a ticket gives one.</summary>
    private static readonly TimeSpan DefaultAnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>The maximum size of one message of an answer, in bytes.</summary>
    private const int MaxMessageBytes = 64 << 20;

    private readonly Channel<FeedNews> _news = Channel.CreateUnbounded<FeedNews>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Membership _membership;
    private readonly Task _life;
    private volatile Link _link;
    private long _lastCall;

    private ClusterCloud(ConnectionOptions place, string programs, UiLog log, TimeProvider clock)
    {
        Clock = new NodeClock(clock);
        _link = new Link(LinkState.Joining, "", Clock.GetUtcNow(), "joining the cloud");
        _membership = new Membership(place, programs, log, new Sink(this), Clock);
        // Loading Akka.NET takes a while: the first frame does not wait for it.
        _life = Task.Run(() => _membership.RunAsync(_stop.Token), CancellationToken.None);
    }

    public ChannelReader<FeedNews> Feed => _news.Reader;
    public Link Link => _link;

    /// <summary>The clock of the node that sends the news.</summary>
    public NodeClock Clock { get; }

    public bool CanStartNode => _membership.CanStartNode;

    /// <summary>Starts to join and returns at once; <see cref="Link"/> shows the
    /// progress.</summary>
    /// <param name="programs">The directory of JobCloud's other programs.</param>
    public static ClusterCloud Join(
        ConnectionOptions place,
        string programs,
        UiLog log,
        TimeProvider clock
    ) => new(place, programs, log, clock);

    public void SetVisible(IReadOnlyList<long> visible) => _membership.SetVisible(visible);

    public void StartNode() => _membership.StartNode();

    public async Task<CallResult<T>> AskAsync<T>(CallRequest<T> request, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        timeout.CancelAfter(_membership.AnswerWithin ?? DefaultAnswerWithin);
        try
        {
            await foreach (var answer in StreamAsync(request, timeout.Token))
                return answer;
            return new(null, PendingCall.Lost("The node sent an empty answer; try again."));
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
                            ? $"Node {_link.Node} did not answer in time; check whether the request took effect before you repeat it."
                            : "Not connected to any node; the request was not sent.",
                }
            );
        }
    }

    public async IAsyncEnumerable<CallResult<T>> StreamAsync<T>(
        CallRequest<T> request,
        [EnumeratorCancellation] CancellationToken cancel
    )
        where T : class, IMessage<T>
    {
        var number = Interlocked.Increment(ref _lastCall);
        var call = new PendingCall(number, request.Envelope(), MaxMessageBytes);
        var gateway = await _membership.GatewayAsync(cancel);
        gateway.Tell(new GatewayClientActor.StartCall(call));
        try
        {
            await foreach (
                var message in call.ReadAsync(
                    () => gateway.Tell(new GatewayClientActor.MessageRead(call)),
                    cancel
                )
            )
                yield return new CallResult<T>(request.Replies.ParseFrom(message), null);
            if (call.Refusal is { } refusal)
                yield return new CallResult<T>(null, refusal);
        }
        finally
        {
            gateway.Tell(new GatewayClientActor.CancelCall(number));
        }
    }

    /// <summary>Leaves the cloud.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
            await _stop.CancelAsync();
        await _life;
        _news.Writer.TryComplete();
    }

    private sealed class Sink(ClusterCloud cloud) : ICloudSink
    {
        /// <summary>Pending feed messages at which the node is asked to hold back.</summary>
        private const int MaxPending = 64;

        public bool IsFull => cloud._news.Reader.Count >= MaxPending;

        public void Push(FeedNews news)
        {
            cloud.Clock.Follow(news.At);
            cloud._news.Writer.TryWrite(news);
        }

        public void LinkChanged(LinkState state, string node, DateTimeOffset since, string reason)
        {
            var previous = cloud._link;
            cloud._link = new Link(
                state,
                node,
                previous.State == state && state != LinkState.Live ? previous.Since : since,
                reason
            );
            Push(new FeedNews());
        }

        public Task<Ticket?> RenewTicketAsync() => cloud._membership.RenewTicketAsync();
    }
}
