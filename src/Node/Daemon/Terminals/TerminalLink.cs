using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Google.Protobuf;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>One of two actors, on two nodes, that relay one terminal: the bytes of its frames in
/// chunks of at most 16 KiB, within the credit given by the other side. A lost message, the end of
/// the other side and an unreachable node end the relay.</summary>
internal abstract class TerminalLink : UntypedActor
{
    private sealed class Sent
    {
        public static readonly Sent All = new();
    }

    private sealed class Written
    {
        public static readonly Written All = new();
    }

    private readonly int _window;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Credit _credit = new();

    // Bounded by the credit given to the other side.
    private readonly Channel<ByteString> _incoming = Channel.CreateUnbounded<ByteString>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }
    );
    private Task _relaying = Task.CompletedTask;
    private ITerminalPipe? _local;
    private long _received;
    private long _untaken;

    /// <param name="window">Credit given to the other side, in bytes.</param>
    private protected TerminalLink(int window) => _window = window;

    private protected IActorRef? Peer { get; private set; }

    protected override void PreStart() =>
        Cluster
            .Get(Context.System)
            .Subscribe(
                Self,
                ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.UnreachableMember)
            );

    protected override void PostStop()
    {
        Cluster.Get(Context.System).Unsubscribe(Self);
        if (_local is { } local)
            _ = DisposeAsync(local);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TerminalBytes bytes when IsNext(bytes):
                _received += bytes.Data.Length;
                Interlocked.Add(ref _untaken, bytes.Data.Length);
                _incoming.Writer.TryWrite(bytes.Data);
                break;
            case TerminalTaken taken:
                _credit.Add(taken.Bytes);
                break;
            case Sent:
                Peer.Tell(new TerminalEnd());
                Context.Stop(Self);
                break;
            case Written:
                Context.Stop(Self);
                break;
            case ClusterEvent.UnreachableMember lost when !IsOf(lost.Member):
                break;
            // Bytes received earlier are still written.
            case TerminalBytes or TerminalEnd or Terminated or ReceiveTimeout:
            case ClusterEvent.UnreachableMember:
                if (_local is null)
                    Context.Stop(Self);
                _incoming.Writer.TryComplete();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected void SetPeer(IActorRef peer)
    {
        Peer = peer;
        Context.Watch(peer);
    }

    /// <summary>Relays bytes in both directions from now on: both sides are open.</summary>
    private protected void StartRelay(ITerminalPipe local, int given)
    {
        _local = local;
        _credit.Add(given);
        _relaying = Task.WhenAll(
            SendAsync(local.Input, Peer!, Self),
            WriteAsync(local.Output, Peer!, Self)
        );
    }

    // If the offset differs or the credit is exceeded, a message was lost or the other side is
    // faulty.
    private bool IsNext(TerminalBytes bytes) =>
        bytes.At == _received
        && Interlocked.Read(ref _untaken) + bytes.Data.Length <= _window
        && _local is not null;

    private bool IsOf(Member member) => member.Address == Peer?.Path.Address;

    private async Task SendAsync(PipeReader from, IActorRef to, IActorRef self)
    {
        var at = 0L;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(_stopped.Token);
                var rest = read.Buffer;
                while (!rest.IsEmpty)
                {
                    var max = (int)Math.Min(rest.Length, TerminalFrames.ChunkBytes);
                    var size = await _credit.TakeAsync(max, _stopped.Token);
                    var data = UnsafeByteOperations.UnsafeWrap(rest.Slice(0, size).ToArray());
                    to.Tell(new TerminalBytes { At = at, Data = data }, self);
                    (at, rest) = (at + size, rest.Slice(size));
                }
                from.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The local side was hung up.
        }
        self.Tell(Sent.All);
    }

    private async Task WriteAsync(PipeWriter to, IActorRef from, IActorRef self)
    {
        try
        {
            await foreach (var data in _incoming.Reader.ReadAllAsync(_stopped.Token))
            {
                if ((await to.WriteAsync(data.Memory, _stopped.Token)).IsCompleted)
                    break;
                Interlocked.Add(ref _untaken, -data.Length);
                from.Tell(new TerminalTaken { Bytes = data.Length }, self);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The local side was hung up.
        }
        self.Tell(Written.All);
    }

    // The pipes must not be completed while the tasks use them.
    private async Task DisposeAsync(ITerminalPipe local)
    {
        await _stopped.CancelAsync();
        await _relaying;
        await local.DisposeAsync();
        _stopped.Dispose();
    }
}

/// <summary>The gateway's side: asks the job's node to open the terminal.</summary>
/// <param name="within">Time limit for that node.</param>
internal sealed class GatewayLink(
    BeginTerminal begin,
    ITerminalPipe end,
    IActorRef agents,
    TimeSpan within
) : TerminalLink(begin.Credit)
{
    public static Props Props(
        BeginTerminal begin,
        ITerminalPipe end,
        IActorRef agents,
        TimeSpan within
    ) => Akka.Actor.Props.Create(() => new GatewayLink(begin, end, agents, within));

    protected override void PreStart()
    {
        base.PreStart();
        Context.SetReceiveTimeout(within);
        agents.Tell(begin);
    }

    protected override void PostStop()
    {
        base.PostStop();
        if (Peer is null)
            _ = end.DisposeAsync();
    }

    protected override void OnReceive(object message)
    {
        if (message is not TerminalBegun begun)
        {
            base.OnReceive(message);
            return;
        }
        Context.SetReceiveTimeout(null);
        SetPeer(Sender);
        StartRelay(end, begun.Credit);
    }
}

/// <summary>The side of the job's node.</summary>
internal sealed class JobLink : TerminalLink
{
    private readonly BeginTerminal _begin;
    private readonly NodeTerminals _terminals;
    private readonly int _window;

    public JobLink(BeginTerminal begin, NodeTerminals terminals, IActorRef gateway, int window)
        : base(window)
    {
        (_begin, _terminals, _window) = (begin, terminals, window);
        SetPeer(gateway);
    }

    public static Props Props(
        BeginTerminal begin,
        NodeTerminals terminals,
        IActorRef gateway,
        int window
    ) => Akka.Actor.Props.Create(() => new JobLink(begin, terminals, gateway, window));

    protected override void PreStart()
    {
        base.PreStart();
        _terminals.OpenAsync(_begin.Open).PipeTo(Self);
    }

    protected override void OnReceive(object message)
    {
        if (message is not ITerminalPipe opened)
        {
            base.OnReceive(message);
            return;
        }
        Peer.Tell(new TerminalBegun { Credit = _window });
        StartRelay(opened, _begin.Credit);
    }
}
