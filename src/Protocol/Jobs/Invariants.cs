using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>Checks that hold for a segment after every event.</summary>
public static class Invariants
{
    /// <summary>The violated invariants, as sentences; empty: all hold.</summary>
    public static IEnumerable<string> Broken(Segment segment)
    {
        var unfinished = 0;
        var totals = new int[Statuses.Count];
        foreach (var slice in segment.Slices)
        {
            var counts = new int[Statuses.Count];
            for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            {
                if (segment.Find(jid) is not { } job)
                {
                    yield return $"job {jid} of a submission is missing";
                    continue;
                }
                counts[job.IsDeleted ? 0 : (int)job.Status]++;
                if (!job.IsDeleted && !job.Status.IsFinished())
                    unfinished++;
                foreach (var broken in Broken(segment, job))
                    yield return $"job {jid}: {broken}";
            }
            for (var status = 0; status < totals.Length; status++)
                totals[status] += counts[status];
            if (!counts.AsSpan().SequenceEqual(slice.Counts))
                yield return $"the counts of slice {slice.First} do not match its jobs";
        }
        if (!totals.SequenceEqual(segment.Totals))
            yield return "the totals do not match its slices";
        if (unfinished != segment.Unfinished)
            yield return $"{unfinished} jobs are unfinished, not {segment.Unfinished}";
    }

    private static IEnumerable<string> Broken(Segment segment, Job job)
    {
        if (job.ActiveNode is not null && job.Attempt < 1)
            yield return "it is active without an attempt";
        if (job.ActiveNode is not null && segment.IsHeld(job.Slice))
            yield return "it is active while its submission is held";
        if (job.Phase is JobPhase.Waiting && job.Slice.Gated != Status.Waiting)
            yield return "it is waiting without an unfinished dependency";
        if (job.Phase is JobPhase.Ended { End: Status.Stalled } && job.Slice.BadGate is null)
            yield return "it is stalled without a cause";
        if (job.Phase is JobPhase.Ended { End: Status.Done, Last: null })
            yield return "it is done without an attempt";
        if (job.Terminals.Count != job.Terminals.Distinct().Count())
            yield return "a terminal is open twice";
        if (job.Past.Any(p => p.Attempt > job.Attempt))
            yield return "an earlier attempt has a later number";
    }
}
