using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Benchmarks.History;

/// <summary>Writes a made-up history through a running node's own journal, index and jid allocator.
/// Start the node anew before use: its submitter does not know of these jobs.</summary>
internal sealed class HistoryWriter(ActorSystem system, string node)
{
    private const int SegmentsAtOnce = 32;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    private readonly IActorRef _journal = Persistence.Instance.Apply(system).JournalFor("");
    private readonly ActorSelection _index = system.ActorSelection($"/user/{ClusterNames.Index}");
    private readonly Inbox _inbox = Inbox.Create(system);

    /// <returns>The first jid.</returns>
    public async Task<long> WriteAsync(HistoryShape shape, IProgress<long> written)
    {
        var first = await LeaseAsync(shape.Finished + shape.Unfinished);
        var ready = new List<HistorySegment>();
        HistorySegment? open = null;
        foreach (var submission in shape.Submissions(first))
            for (
                var number = Segments.Of(submission.First);
                number <= Segments.Of(submission.Last);
                number++
            )
            {
                if (open?.Segment.Number != number)
                {
                    if (open is not null)
                        ready.Add(open);
                    open = new HistorySegment(number);
                }
                if (ready.Count == SegmentsAtOnce)
                {
                    await WriteAsync(ready);
                    ready.Clear();
                    written.Report(submission.First - first);
                }
                open.Add(submission);
            }
        if (open is not null)
            ready.Add(open);
        await WriteAsync(ready);
        return first;
    }

    /// <summary>Leases jids for all jobs; they start with a segment of their own.</summary>
    private async Task<long> LeaseAsync(long count)
    {
        var allocator = system.ActorSelection($"/user/{ClusterNames.AllocatorProxy}");
        var none = new LeaseRequest { Node = node };
        var now = await allocator.Ask<LeaseGranted>(none, Within);
        var first = Segments.First(Segments.Of(Math.Max(now.Last, 1)) + 1);
        await allocator.Ask<LeaseGranted>(
            new LeaseRequest
            {
                Node = node,
                After = now.Last,
                Count = count + Segments.Size,
            },
            Within
        );
        return first;
    }

    private async Task WriteAsync(IReadOnlyList<HistorySegment> segments)
    {
        var rows = segments.AsParallel().AsOrdered().Select(Envelope).ToList();
        _journal.Tell(new WriteMessages(rows, _inbox.Receiver, 1));
        for (var answers = 0; answers < segments.Count; )
            switch (await _inbox.ReceiveAsync(Within))
            {
                case WriteMessageSuccess:
                    answers++;
                    break;
                case WriteMessagesFailed { Cause: var cause }:
                    throw cause;
                case WriteMessageFailure { Cause: var cause }:
                    throw cause;
                case WriteMessageRejected { Cause: var cause }:
                    throw cause;
                case Status.Failure { Cause: var cause }:
                    throw cause;
            }
        foreach (var segment in segments)
            _index.Tell(segment.Rows());
        // Waits until the index has them: it keeps at most these in memory.
        await _index.Ask<SubmissionsListed>(new ListSubmissions(SliceFilter.Everything, 1), Within);
    }

    private static IPersistentEnvelope Envelope(HistorySegment segment) =>
        new AtomicWrite(
            new Persistent(
                segment.Row(),
                segment.SequenceNr,
                ClusterNames.SegmentId(segment.Segment.Number),
                writerGuid: $"{Guid.NewGuid()}"
            )
        );
}
