using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>
/// Assigns jids to submissions and sends them to their segments. Jids are assigned in order; the
/// next segment is used only after everything in this one is committed, and a submission over
/// several segments is sent alone. So after a crash all jids up to the highest are in use, except
/// those of held slices. It also handles request IDs: a submission under an ID that is in progress
/// gets the same answer, and a new ID is claimed and looked up before jids are assigned.
/// </summary>
internal sealed partial class SubmitterActor : ReceiveActor, IWithTimers
{
    private const long NoSegment = -1;

    /// <summary>How long a claim that another node holds up may delay later submissions of no or
    /// another series.</summary>
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromMilliseconds(200);

    private readonly SubmitterDependencies _ports;
    private readonly Queue<PendingSubmission> _queued = [];
    private readonly Dictionary<long, PendingSubmission> _sent = [];
    private readonly Dictionary<RequestKey, PendingSubmission> _byKey = [];
    private readonly List<PendingSubmission> _unclaimed = [];
    private readonly ArrivalOrder<PendingSubmission> _claiming = new(
        (long)ClaimPatience.TotalMicroseconds
    );
    private readonly SortedSet<long> _unanswered = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private JidLease _lease = JidLease.None;
    private long _openSegment = NoSegment;
    private bool _isWaiting;
    private int _inProgress;

    public SubmitterActor(SubmitterDependencies ports)
    {
        _ports = ports;
        Find();
    }

    public static Props Props(SubmitterDependencies ports) =>
        Akka.Actor.Props.Create(() => new SubmitterActor(ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _ports.Timeout / 4);

    /// <summary>Finds the next free jid by asking the segments, again until it succeeds; meanwhile
    /// submissions queue.</summary>
    private void Find()
    {
        _isWaiting = true;
        Become(Finding);
        Ask();
    }

    private void Finding()
    {
        Receive<NextJidFinder.Found>(found =>
        {
            (_lease, _openSegment, _isWaiting) = (found.Lease, NoSegment, false);
            _unanswered.Clear();
            Become(Serving);
            _unclaimed.ForEach(Claim);
            _unclaimed.Clear();
            Advance();
        });
        Receive<Akka.Actor.Status.Failure>(failure =>
        {
            _log.Warning("Cannot find the next free jid, trying again: {0}", failure.Cause.Message);
            Timers.StartSingleTimer(nameof(Again), Again.Instance, _ports.Retry);
        });
        Receive<Again>(_ => Ask());
        // The index may lack some earlier submissions through this node.
        Receive<SubmitJobs>(request => Take(request, _unclaimed.Add));
        Receive<Claimed>(Enqueue);
        Receive<ClaimFailed>(GiveUp);
        Receive<ClaimsLate>(_ => Enqueue(_claiming.Take(_ports.Now)));
        ReceiveAny(_ => { });
    }

    private void Ask() => NextJidFinder.FindAsync(_ports, [.. _unanswered]).PipeTo(Self);

    private void Serving()
    {
        Receive<SubmitJobs>(request => Take(request, Claim));
        Receive<Claimed>(Enqueue);
        Receive<ClaimFailed>(GiveUp);
        Receive<ClaimsLate>(_ => Enqueue(_claiming.Take(_ports.Now)));
        Receive<LeaseGranted>(granted =>
        {
            _isWaiting = false;
            _lease = _lease.Extended(granted);
            Advance();
        });
        Receive<Bound>(Continue);
        Receive<BindFailed>(GiveUp);
        Receive<SegmentReply>(reply => reply.Submitted is not null, Committed);
        Receive<SegmentReply>(reply => reply.Refusal is not null, reply => Fail(reply.Refusal));
        Receive<Tick>(_ => Overdue());
        ReceiveAny(_ => { });
    }

    private void Take(SubmitJobs request, Action<PendingSubmission> claim)
    {
        if (request.Key is { } known && _byKey.TryGetValue(known, out var same))
        {
            same.Clients.Add(Sender);
            return;
        }
        if (_inProgress >= _ports.MaxInFlight)
        {
            Sender.Tell(
                Refused(
                    RefusalCode.Busy,
                    $"{_ports.MaxInFlight} submissions are already in progress; try again in a moment."
                )
            );
            return;
        }
        _inProgress++;
        var ticket = new PendingSubmission(request, Sender);
        if (request.Key is { } key)
        {
            _byKey[key] = ticket;
            claim(ticket);
            return;
        }
        _queued.Enqueue(ticket);
        Advance();
    }

    private void Claim(PendingSubmission ticket)
    {
        var series = ticket.Request.Series;
        _claiming.Add(
            ticket,
            series.Length > 0 ? $"{ticket.Request.Owner}\n{series}" : "",
            _ports.Now
        );
        var until = _ports.Now + (long)_ports.SendWithin.TotalMicroseconds;
        _ports
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
            Enqueue(_claiming.Remove(claimed.Ticket, _ports.Now));
            return;
        }
        claimed.Ticket.Claim(claimed.SendUntil);
        Enqueue(_claiming.Ready(claimed.Ticket, _ports.Now));
    }

    /// <summary>Queues claimed submissions in the order in which they came.</summary>
    private void Enqueue(IReadOnlyList<PendingSubmission> claimed)
    {
        foreach (var ticket in claimed)
            _queued.Enqueue(ticket);
        if (_claiming.HoldsReady && !Timers.IsTimerActive(nameof(ClaimsLate)))
            Timers.StartSingleTimer(nameof(ClaimsLate), ClaimsLate.Instance, ClaimPatience);
        Advance();
    }

    private void GiveUp(ClaimFailed failed)
    {
        Fail(failed.Ticket, failed.Cause);
        Enqueue(_claiming.Remove(failed.Ticket, _ports.Now));
    }

    private void Fail(PendingSubmission ticket, Exception cause)
    {
        Forget(ticket);
        foreach (var client in ticket.Clients)
            client.Tell(new Akka.Actor.Status.Failure(cause));
    }

    private void Advance()
    {
        while (!_isWaiting && _queued.TryPeek(out var ticket))
        {
            if (ticket.SendUntil < _ports.Now)
            {
                Close(_queued.Dequeue(), ClaimExpired);
                continue;
            }
            if (!_lease.Holds(ticket.Request.Count))
            {
                _isWaiting = true;
                _ports.Allocator.Tell(_lease.RequestFor(_ports.Node, ticket.Request.Count));
                return;
            }
            var head = Segments.Of(_lease.Next);
            var leaves =
                head != _openSegment || Segments.Of(_lease.Next + ticket.Request.Count - 1) != head;
            if (_sent.Count > 0 && leaves)
                return;
            if (ticket.NeedsReferences(_lease.Next))
            {
                Bind(ticket, _lease.Next);
                return;
            }
            (var first, _lease) = _lease.Take(ticket.Request.Count);
            ticket.AssignJids(first, _ports.Now);
            // No submission shares a segment with one over several segments: until its head is
            // committed it may be voided.
            _openSegment = ticket.SpansSegments ? NoSegment : head;
            _sent[first] = _queued.Dequeue();
            Send(ticket);
        }
    }

    private void Send(PendingSubmission ticket)
    {
        foreach (var slice in ticket.Next())
            _ports.Segments().Tell(slice);
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
            _ports.Segments().Tell(release);
        Advance();
    }

    private PendingSubmission? Of(SegmentReply reply)
    {
        if (_sent.TryGetValue(reply.Submitted.First, out var ticket))
            return ticket;
        var only = _sent.Values.FirstOrDefault();
        return only is { SpansSegments: true } ? only : null;
    }

    /// <summary>Fails all sent submissions after a slice was not committed, and finds the next free
    /// jid before assigning more.</summary>
    private void Fail(Refusal refusal)
    {
        foreach (var ticket in _sent.Values.ToList())
        {
            _unanswered.UnionWith(ticket.AllSegments());
            Close(ticket, new JobsSubmitted(0, 0, refusal));
        }
        Find();
    }

    private void Overdue()
    {
        _isWaiting = false;
        var limit = _ports.Now - (long)_ports.Timeout.TotalMicroseconds;
        if (_sent.Values.Any(t => t.SentAt < limit))
            Fail(
                Refusals.Of(
                    RefusalCode.StoreUnavailable,
                    $"The store did not answer within {_ports.Timeout.TotalSeconds:F0} s; the "
                        + "job may or may not have been submitted. With --request-id it is safe to "
                        + "try again."
                )
            );
        else
            Advance();
    }

    private void Close(PendingSubmission ticket, JobsSubmitted answer)
    {
        Forget(ticket);
        // If the submission may still be committed, the claim stays until it expires, so that no
        // other node submits the same jobs.
        if (ticket.IsClaimed && answer.Refusal is not { Code: RefusalCode.StoreUnavailable })
            _ports.RequestIds.Release(ticket.Request.Key!.Value);
        foreach (var client in ticket.Clients)
            client.Tell(answer);
    }

    private void Forget(PendingSubmission ticket)
    {
        _inProgress--;
        _sent.Remove(ticket.First);
        if (ticket.Request.Key is { } key)
            _byKey.Remove(key);
    }

    private static readonly JobsSubmitted ClaimExpired = Refused(
        RefusalCode.Busy,
        "The submission did not get its jids in time; try again."
    );

    private static JobsSubmitted Refused(RefusalCode code, string message) =>
        new(0, 0, Refusals.Of(code, message));

    /// <param name="Answer">Null: the request ID is new and claimed by this node.</param>
    private sealed record Claimed(PendingSubmission Ticket, long SendUntil, JobsSubmitted? Answer);

    private sealed record ClaimFailed(PendingSubmission Ticket, Exception Cause);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class ClaimsLate
    {
        public static readonly ClaimsLate Instance = new();
    }

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }
}

/// <summary>Dependencies and limits of the submitter.</summary>
/// <param name="Heads">The segments in the journal, ascending.</param>
/// <param name="Timeout">Time limit of a commit.</param>
/// <param name="Retry">Pause before the next attempt to find the next free jid.</param>
/// <param name="MaxInFlight">Maximum number of submissions in progress.</param>
/// <param name="SendWithin">How long a submission may be sent after its request ID was
/// claimed.</param>
internal sealed record SubmitterDependencies(
    string Node,
    Func<IActorRef> Segments,
    IActorRef Allocator,
    Func<Task<IReadOnlyList<long>>> Heads,
    TimeProvider Clock,
    TimeSpan Timeout,
    TimeSpan Retry,
    int MaxInFlight,
    RequestIdClaims RequestIds,
    TimeSpan SendWithin
)
{
    /// <summary>Notes that the jobs from one jid to another refer to contents of their owner, and
    /// returns those that are missing; then it notes nothing.</summary>
    public required Func<
        IReadOnlyList<BlobRef>,
        string,
        long,
        long,
        Task<IReadOnlyList<BlobRef>>
    > BindBlobs { get; init; }

    public long Now => Clock.NowMicroseconds();
}
