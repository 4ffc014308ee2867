using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Google.Protobuf;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>
/// One of two actors, on two nodes, that carry one terminal between them: the bytes of its frames, in
/// pieces of at most 16 KiB, never more than the other side gave credit for. A lost message, the other
/// side's end and a node that cannot be reached end it.
/// </summary>
public abstract class TerminalLink : UntypedActor
{
    private sealed class Sent
    {
        public static readonly Sent All = new();
    }

    private sealed class Written
    {
        public static readonly Written All = new();
    }

    private readonly int window;
    private readonly CancellationTokenSource over = new();
    private readonly Credit credit = new();

    // Bounded by the credit that we gave.
    private readonly Channel<ByteString> incoming = Channel.CreateUnbounded<ByteString>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }
    );
    private Task carrying = Task.CompletedTask;
    private ITerminalEnd? end;
    private long received;
    private long untaken;

    /// <param name="window">Credit given to the other side, bytes.</param>
    private protected TerminalLink(int window) => this.window = window;

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
        if (end is { } ours)
            _ = DisposeAsync(ours);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TerminalBytes bytes when IsNext(bytes):
                received += bytes.Data.Length;
                Interlocked.Add(ref untaken, bytes.Data.Length);
                incoming.Writer.TryWrite(bytes.Data);
                break;
            case TerminalTaken taken:
                credit.Give(taken.Bytes);
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
            // What came before is still passed on.
            case TerminalBytes or TerminalEnd or Terminated or ReceiveTimeout:
            case ClusterEvent.UnreachableMember:
                if (end is null)
                    Context.Stop(Self);
                incoming.Writer.TryComplete();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private protected void Meet(IActorRef peer)
    {
        Peer = peer;
        Context.Watch(peer);
    }

    /// <summary>Both sides are there: from now on bytes go to and fro.</summary>
    private protected void Carry(ITerminalEnd ours, int given)
    {
        end = ours;
        credit.Give(given);
        carrying = Task.WhenAll(
            SendAsync(ours.Input, Peer!, Self),
            WriteAsync(ours.Output, Peer!, Self)
        );
    }

    // An order that differs, or more than was agreed: a message was lost, or the other side is not sane.
    private bool IsNext(TerminalBytes bytes) =>
        bytes.At == received
        && Interlocked.Read(ref untaken) + bytes.Data.Length <= window
        && end is not null;

    private bool IsOf(Member member) => member.Address == Peer?.Path.Address;

    private async Task SendAsync(PipeReader from, IActorRef to, IActorRef self)
    {
        var at = 0L;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(over.Token);
                var rest = read.Buffer;
                while (!rest.IsEmpty)
                {
                    var most = (int)Math.Min(rest.Length, TerminalFrames.ChunkBytes);
                    var size = await credit.TakeAsync(most, over.Token);
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
            // Our end was hung up.
        }
        self.Tell(Sent.All);
    }

    private async Task WriteAsync(PipeWriter to, IActorRef from, IActorRef self)
    {
        try
        {
            await foreach (var data in incoming.Reader.ReadAllAsync(over.Token))
            {
                if ((await to.WriteAsync(data.Memory, over.Token)).IsCompleted)
                    break;
                Interlocked.Add(ref untaken, -data.Length);
                from.Tell(new TerminalTaken { Bytes = data.Length }, self);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Our end was hung up.
        }
        self.Tell(Written.All);
    }

    // The pipes are not to be completed under the hands of those who use them.
    private async Task DisposeAsync(ITerminalEnd ours)
    {
        await over.CancelAsync();
        await carrying;
        await ours.DisposeAsync();
        over.Dispose();
    }
}

/// <summary>The gateway's side: has the job's node open the terminal.</summary>
/// <param name="within">How long that node may take.</param>
public sealed class GatewayLink(
    BeginTerminal begin,
    ITerminalEnd end,
    IActorRef agents,
    TimeSpan within
) : TerminalLink(begin.Credit)
{
    public static Props Props(
        BeginTerminal begin,
        ITerminalEnd end,
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
        Meet(Sender);
        Carry(end, begun.Credit);
    }
}

/// <summary>The side of the job's node.</summary>
public sealed class JobLink : TerminalLink
{
    private readonly BeginTerminal begin;
    private readonly NodeTerminals terminals;
    private readonly int window;

    public JobLink(BeginTerminal begin, NodeTerminals terminals, IActorRef gateway, int window)
        : base(window)
    {
        (this.begin, this.terminals, this.window) = (begin, terminals, window);
        Meet(gateway);
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
        terminals.OpenAsync(begin.Open).PipeTo(Self);
    }

    protected override void OnReceive(object message)
    {
        if (message is not ITerminalEnd opened)
        {
            base.OnReceive(message);
            return;
        }
        Peer.Tell(new TerminalBegun { Credit = window });
        Carry(opened, begin.Credit);
    }
}
