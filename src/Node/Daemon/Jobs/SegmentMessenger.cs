using Akka.Actor;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Sends the messages of an <see cref="SegmentMessages"/> and holds the soft state for
/// that.</summary>
internal sealed class SegmentMessenger(SegmentDependencies ports, Segment segment)
{
    private static readonly HashSet<(long, long)> NoneAsked = [];
    private readonly DependencyOutcomes _outcomes = new();

    /// <summary>Sends messages after a commit, or after a batch without events.</summary>
    /// <param name="hasToErase">Whether data of deleted jobs is still on the disk.</param>
    public void Send(PendingCommit batch, long sequenceNr, bool hasToErase, Subscribers subscribers)
    {
        if (batch.Events.Any(e => e.Deleted is not null))
            ports.Blobs.Tell(new JobsDeleted(segment.Number));
        if (batch.Effects.IsEmpty && batch.Events.Count == 0)
            return;
        var outbox = SegmentMessages.Of(segment, batch.Effects);
        Index(outbox, sequenceNr, hasToErase, batch.Effects.NeedsAllRows, batch.Events);
        Send(outbox);
        Tell(_outcomes.News(segment, outbox.AffectedDependents, batch.Effects.Asked));
        if (!subscribers.IsEmpty)
            subscribers.Publish(segment.Number, outbox.Runs, batch.Events);
    }

    /// <summary>Sends everything once after recovery, and asks for what may have been
    /// missed.</summary>
    public void Recovered(long sequenceNr, bool hasToErase)
    {
        var outbox = SegmentMessages.OnRecovered(segment);
        Index(outbox, sequenceNr, hasToErase, isWhole: true, []);
        Send(outbox);
        Tell(_outcomes.News(segment, outbox.AffectedDependents, NoneAsked));
        CheckAttempts(null);
        AskHeads();
    }

    /// <summary>Repeats requests that are still open: messages can be lost.</summary>
    public void RepeatChecks()
    {
        if (segment.Unfinished == 0)
            return;
        CheckAttempts(null);
        AskHeads();
        foreach (var slice in segment.Slices)
            Tell(SegmentMessages.Registrations(segment, slice));
    }

    private void Send(SegmentMessages outbox)
    {
        foreach (var start in outbox.Starts)
            ports.Agents.Tell(start);
        foreach (var stop in outbox.Stops)
            ports.Agents.Tell(stop);
        foreach (var accepted in outbox.Accepted)
            ports.Agents.Tell(accepted);
        foreach (var forget in outbox.Forgets)
            ports.Agents.Tell(forget);
        if (outbox.HasUpdate || outbox.Update.Full)
            ports.Scheduler.Tell(outbox.Update);
        foreach (var node in outbox.NodesToCheck)
            CheckAttempts(node);
        Tell(outbox.ToSegments);
    }

    private void Tell(IEnumerable<SegmentRequest> requests)
    {
        foreach (var request in requests)
            ports.Segments().Tell(request);
    }

    /// <summary>Notifies the index that the store has no data of deleted jobs left.</summary>
    public void Erased(long sequenceNr) =>
        ports.Index.Tell(SliceRowBuilder.Erased(segment, sequenceNr));

    private void Index(
        SegmentMessages outbox,
        long sequenceNr,
        bool hasToErase,
        bool isWhole,
        IReadOnlyList<JobEvent> events
    )
    {
        if (outbox.ChangedSlices.Count + outbox.VoidedSlices.Count > 0 || outbox.Update.Full)
            ports.Index.Tell(
                SliceRowBuilder.Changed(segment, outbox, sequenceNr, hasToErase, isWhole, events)
            );
    }

    private void CheckAttempts(string? only)
    {
        var checks = new Dictionary<string, CheckAttempts>();
        for (var jid = new Jid(segment.First); jid <= segment.Highest; jid++)
        {
            if (segment.Find(jid) is not { ActiveNode: { } node } job || (only ?? node) != node)
                continue;
            if (!checks.TryGetValue(node, out var check))
                checks[node] = check = new CheckAttempts { Node = node, Segment = segment.Number };
            check.Attempts.Add(new AttemptKey { Jid = jid, Attempt = job.Attempt });
        }
        foreach (var check in checks.Values)
            ports.Agents.Tell(check);
    }

    private void AskHeads()
    {
        foreach (var head in segment.Held.Select(held => held.Head).Distinct())
            ports
                .Segments()
                .Tell(
                    new SegmentRequest
                    {
                        Segment = Segments.Of(head),
                        Read = new ReadJobs { Jobs = { JidRanges.Range(head, head) } },
                    }
                );
    }
}
