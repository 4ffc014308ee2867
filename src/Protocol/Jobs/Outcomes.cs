using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// What each dependent was last told of its dependencies in this segment: soft, told again after a
/// recovery. A dependency counts by what it is now, so a retried one opens what it had settled.
/// </summary>
public sealed class Outcomes
{
    private readonly Dictionary<(long, long), (Status Worst, long Dependency)> _told = [];

    /// <summary>The outcomes that these dependents do not know yet.</summary>
    /// <param name="asked">Dependents that asked: told even what they may know.</param>
    public IEnumerable<SegmentRequest> News(
        Segment segment,
        IEnumerable<Dependent> dependents,
        IReadOnlySet<(long, long)> asked
    )
    {
        foreach (var dependent in dependents)
        {
            var key = (dependent.Submission, dependent.Segment);
            var now = Worst(segment, dependent);
            var before = _told.GetValueOrDefault(key);
            _told[key] = now;
            if (now.Worst == before.Worst && !asked.Contains(key))
                continue;
            yield return new SegmentRequest
            {
                Segment = dependent.Segment,
                Outcome = new DependencyOutcome
                {
                    SubmissionFirst = dependent.Submission,
                    Segment = segment.Number,
                    Open = now.Worst == Status.Unspecified,
                    Worst = now.Worst,
                    Dependency = now.Dependency,
                },
            };
        }
    }

    /// <summary>Unspecified while it is open; a bad end counts at once where errors
    /// abort.</summary>
    public static (Status Worst, long Dependency) Worst(Segment segment, Dependent dependent)
    {
        var open = false;
        foreach (var jid in JidRanges.Enumerate(dependent.Jobs))
        {
            var status = segment.Find(jid)?.Status ?? Status.Error;
            if (status.IsBad() && dependent.Policy == DependencyPolicy.Abort)
                return (status, jid);
            open |= !status.IsFinished();
        }
        return open ? (Status.Unspecified, 0) : (Status.Done, 0);
    }
}
