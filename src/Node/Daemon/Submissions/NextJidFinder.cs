using Akka.Actor;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>Finds, at start and after a failed commit, the next free jid of this node's lease;
/// voids the slices of incomplete submissions on the way.</summary>
internal static class NextJidFinder
{
    // A request is lost if the allocator or the segment stops before it replies: it is sent this
    // many times within the time limit of a commit.
    private const int Tries = 10;

    public sealed record Found(JidLease Lease);

    /// <param name="unsure">Segments that were sent slices and have not answered: they may hold
    /// jobs that the journal does not show yet. They answer only after handling those
    /// slices.</param>
    /// <exception cref="Exception">The allocator or a segment did not answer, or refused the
    /// request.</exception>
    public static async Task<Found> FindAsync(
        SubmitterDependencies ports,
        IReadOnlyList<long> unsure
    ) => new(await CursorAsync(ports, unsure));

    private static async Task<JidLease> CursorAsync(
        SubmitterDependencies ports,
        IReadOnlyList<long> unsure
    )
    {
        var standing = await ports.Allocator.Ask<LeaseGranted>(
            new LeaseRequest { Node = ports.Node },
            ports.Timeout / Tries
        );
        if (standing.First == 0)
            return JidLease.None;
        var heads = (await ports.Heads())
            .Union(unsure)
            .Where(s => s >= Segments.Of(standing.First) && s <= Segments.Of(standing.Last))
            .OrderDescending()
            .ToList();
        foreach (var segment in heads)
        {
            var highest = await HighestAsync(ports, segment);
            if (
                highest.HeldSubmission > 0
                && !await StandsAsync(ports, new Jid(highest.HeldSubmission))
            )
            {
                foreach (var half in heads.Where(s => s >= Segments.Of(highest.HeldSubmission)))
                    await AskAsync(ports, half, Void(highest.HeldSubmission));
                highest = await HighestAsync(ports, segment);
            }
            if (highest.Jid > 0)
                return new JidLease(Math.Max(standing.First, highest.Jid + 1), standing.Last);
        }
        return new JidLease(standing.First, standing.Last);
    }

    private static SegmentRequest Void(long from) =>
        new() { Void = new VoidSubmissions { From = from } };

    private static async Task<HighestJidIs> HighestAsync(SubmitterDependencies ports, long segment)
    {
        var reply = await AskAsync(
            ports,
            segment,
            new SegmentRequest { Highest = new HighestJid() }
        );
        return reply.Highest;
    }

    private static async Task<bool> StandsAsync(SubmitterDependencies ports, Jid jid)
    {
        var reply = await AskAsync(
            ports,
            Segments.Of(jid),
            new SegmentRequest { Read = new ReadJobs { Jobs = { JidRanges.Range(jid, jid) } } }
        );
        return reply.Jobs is { Unknown.Count: 0 };
    }

    private static async Task<SegmentReply> AskAsync(
        SubmitterDependencies ports,
        long segment,
        SegmentRequest request
    )
    {
        request.Segment = segment;
        for (var tried = 1; ; tried++)
            try
            {
                var within = ports.Timeout / Tries;
                var reply = await ports.Segments().Ask<SegmentReply>(request, within);
                return reply.Refusal is null ? reply : throw new IOException(reply.Refusal.Message);
            }
            catch (AskTimeoutException) when (tried < Tries) { }
    }
}
