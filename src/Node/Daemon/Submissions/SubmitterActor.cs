using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Submissions.Tokens;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>
/// Numbers submissions and sends them to their segments. Numbers are given in order; a segment is
/// left only when all in it are committed, and a submission over several segments goes alone. So
/// after a crash all numbers up to the highest are in use, but for slices that are still held.
/// It owns request ids: whoever submits under one that is under way gets the same answer, and a new one
/// is claimed and looked up before it is numbered.
/// </summary>
public sealed class SubmitterActor : ReceiveActor, IWithTimers
{
    private const long NoSegment = -1;

    private readonly SubmitterPorts ports;
    private readonly Queue<Ticket> queued = [];
    private readonly Dictionary<long, Ticket> sent = [];
    private readonly Dictionary<TokenKey, Ticket> byKey = [];
    private readonly List<Ticket> unclaimed = [];
    private readonly SortedSet<long> unsure = [];
    private readonly ILoggingAdapter log = Context.GetLogger();
    private JidLease lease = JidLease.None;
    private long openSegment = NoSegment;
    private bool asking;
    private int underWay;

    public SubmitterActor(SubmitterPorts ports)
    {
        this.ports = ports;
        Find();
    }

    public static Props Props(SubmitterPorts ports) =>
        Akka.Actor.Props.Create(() => new SubmitterActor(ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, ports.Timeout / 4);

    /// <summary>How far did this node come? Asks the journal's segments until it knows; till then
    /// submissions queue.</summary>
    private void Find()
    {
        asking = true;
        Become(Finding);
        Ask();
    }

    private void Finding()
    {
        Receive<LeaseCursor.Found>(found =>
        {
            (lease, openSegment, asking) = (found.Lease, NoSegment, false);
            unsure.Clear();
            Become(Serving);
            unclaimed.ForEach(Claim);
            unclaimed.Clear();
            Advance();
        });
        Receive<Akka.Actor.Status.Failure>(failure =>
        {
            log.Warning("It is not known which job numbers are free: {0}", failure.Cause.Message);
            Timers.StartSingleTimer(nameof(Again), Again.Instance, ports.Retry);
        });
        Receive<Again>(_ => Ask());
        // The index does not know yet all that was submitted through this node before.
        Receive<SubmitJobs>(request => Take(request, unclaimed.Add));
        Receive<Claimed>(Enqueue);
        Receive<ClaimFailed>(GiveUp);
        ReceiveAny(_ => { });
    }

    private void Ask() => LeaseCursor.FindAsync(ports, [.. unsure]).PipeTo(Self);

    private void Serving()
    {
        Receive<SubmitJobs>(request => Take(request, Claim));
        Receive<Claimed>(Enqueue);
        Receive<ClaimFailed>(GiveUp);
        Receive<LeaseGranted>(granted =>
        {
            asking = false;
            lease = lease.Extended(granted);
            Advance();
        });
        Receive<SegmentReply>(reply => reply.Submitted is not null, Committed);
        Receive<SegmentReply>(reply => reply.Refusal is not null, reply => Fail(reply.Refusal));
        Receive<Tick>(_ => Overdue());
        ReceiveAny(_ => { });
    }

    private void Take(SubmitJobs request, Action<Ticket> claim)
    {
        if (request.Key is { } known && byKey.TryGetValue(known, out var same))
        {
            same.Clients.Add(Sender);
            return;
        }
        if (underWay >= ports.MaxInFlight)
        {
            Sender.Tell(
                Refused(
                    RefusalCode.Busy,
                    $"{ports.MaxInFlight} submissions are under way: try again in a moment."
                )
            );
            return;
        }
        underWay++;
        var ticket = new Ticket(request, Sender);
        if (request.Key is { } key)
        {
            byKey[key] = ticket;
            claim(ticket);
            return;
        }
        queued.Enqueue(ticket);
        Advance();
    }

    private void Claim(Ticket ticket)
    {
        var until = ports.Now + (long)ports.SendWithin.TotalMicroseconds;
        ports
            .RequestIds.ClaimAsync(ticket.Request.Key!.Value)
            .PipeTo(
                Self,
                success: answer => new Claimed(ticket, until, answer),
                failure: cause => new ClaimFailed(ticket, cause)
            );
    }

    private void Enqueue(Claimed claimed)
    {
        if (claimed.Answer is { } answer)
        {
            Close(claimed.Ticket, answer);
            return;
        }
        claimed.Ticket.Claim(claimed.SendUntil);
        queued.Enqueue(claimed.Ticket);
        Advance();
    }

    private void GiveUp(ClaimFailed failed)
    {
        Forget(failed.Ticket);
        foreach (var client in failed.Ticket.Clients)
            client.Tell(new Akka.Actor.Status.Failure(failed.Cause));
    }

    private void Advance()
    {
        while (!asking && queued.TryPeek(out var ticket))
        {
            if (ticket.SendUntil < ports.Now)
            {
                Close(queued.Dequeue(), TooLate);
                continue;
            }
            if (!lease.Holds(ticket.Request.Count))
            {
                asking = true;
                ports.Allocator.Tell(lease.More(ports.Node, ticket.Request.Count));
                return;
            }
            var head = Segments.Of(lease.Next);
            var leaves =
                head != openSegment || Segments.Of(lease.Next + ticket.Request.Count - 1) != head;
            if (sent.Count > 0 && leaves)
                return;
            (var first, lease) = lease.Take(ticket.Request.Count);
            ticket.Number(first, ports.Now);
            // Nothing joins a submission over several segments: until its head stands it may be void.
            openSegment = ticket.IsMulti ? NoSegment : head;
            sent[first] = queued.Dequeue();
            Send(ticket);
        }
    }

    private void Send(Ticket ticket)
    {
        foreach (var slice in ticket.Next())
            ports.Segments().Tell(slice);
    }

    private void Committed(SegmentReply reply)
    {
        if (Of(reply) is not { } ticket || !ticket.Committed(reply.Segment))
            return;
        if (!ticket.IsDone)
        {
            Send(ticket);
            return;
        }
        Close(ticket, new JobsSubmitted(ticket.First, ticket.Last));
        foreach (var release in ticket.Releases())
            ports.Segments().Tell(release);
        Advance();
    }

    private Ticket? Of(SegmentReply reply)
    {
        if (sent.TryGetValue(reply.Submitted.First, out var ticket))
            return ticket;
        var only = sent.Values.FirstOrDefault();
        return only is { IsMulti: true } ? only : null;
    }

    /// <summary>A slice was not taken: nothing after it can be numbered before it is known how far
    /// the journal came.</summary>
    private void Fail(Refusal refusal)
    {
        foreach (var ticket in sent.Values.ToList())
        {
            unsure.UnionWith(ticket.AllSegments());
            Close(ticket, new JobsSubmitted(0, 0, refusal));
        }
        Find();
    }

    private void Overdue()
    {
        asking = false;
        var limit = ports.Now - (long)ports.Timeout.TotalMicroseconds;
        if (sent.Values.Any(t => t.SentAt < limit))
            Fail(
                Refusals.Of(
                    RefusalCode.StoreUnavailable,
                    0,
                    $"The store did not answer within {ports.Timeout.TotalSeconds:F0} s: the job may have been submitted or not. With --request-id it is safe to try again."
                )
            );
        else
            Advance();
    }

    private void Close(Ticket ticket, JobsSubmitted answer)
    {
        Forget(ticket);
        // What may still come of it, another node must not submit beside it: the claim runs out.
        if (ticket.IsClaimed && answer.Refusal is not { Code: RefusalCode.StoreUnavailable })
            ports.RequestIds.Release(ticket.Request.Key!.Value);
        foreach (var client in ticket.Clients)
            client.Tell(answer);
    }

    private void Forget(Ticket ticket)
    {
        underWay--;
        sent.Remove(ticket.First);
        if (ticket.Request.Key is { } key)
            byKey.Remove(key);
    }

    private static readonly JobsSubmitted TooLate = Refused(
        RefusalCode.Busy,
        "The submission could not be numbered in time: try again."
    );

    private static JobsSubmitted Refused(RefusalCode code, string message) =>
        new(0, 0, Refusals.Of(code, 0, message));

    /// <param name="Answer">Null: the request id is new, and this node's.</param>
    private sealed record Claimed(Ticket Ticket, long SendUntil, JobsSubmitted? Answer);

    private sealed record ClaimFailed(Ticket Ticket, Exception Cause);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }
}

/// <summary>Whom the submitter talks to, and the limits it keeps.</summary>
/// <param name="Heads">The segments that the journal has, ascending.</param>
/// <param name="Timeout">How long a commit may take.</param>
/// <param name="Retry">The pause before it is asked again how far the journal came.</param>
/// <param name="MaxInFlight">Submissions under way at once.</param>
/// <param name="SendWithin">How long after its request id was claimed a submission may be sent.</param>
public sealed record SubmitterPorts(
    string Node,
    Func<IActorRef> Segments,
    IActorRef Allocator,
    Func<Task<IReadOnlyList<long>>> Heads,
    TimeProvider Clock,
    TimeSpan Timeout,
    TimeSpan Retry,
    int MaxInFlight,
    RequestIds RequestIds,
    TimeSpan SendWithin
)
{
    public long Now => Clock.NowMicroseconds();
}
