using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// The last outcome sent to each dependent of this segment. It is soft state: after a recovery, the
/// outcomes are sent again. The current status of a dependency counts, so a retry reopens its gate.
/// </summary>
public sealed class DependencyOutcomes
{
    private readonly Dictionary<(long, long), (Status Worst, long Dependency)> _sent = [];

    /// <summary>New outcomes for these dependents.</summary>
    /// <param name="asked">Dependents that asked: they get even an unchanged outcome.</param>
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
            var before = _sent.GetValueOrDefault(key);
            _sent[key] = now;
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

    /// <summary>The outcome: unspecified while open. With policy abort, the first bad end decides
    /// it at once.</summary>
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
