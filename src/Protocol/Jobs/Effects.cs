using System.Runtime.InteropServices;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// The effects of a batch on others, collected during its decisions; <see
/// cref="SegmentMessages.Of"/> turns them into messages after the commit. Each job counts once,
/// with its state before and after the batch.
/// </summary>
public sealed class Effects
{
    private readonly Dictionary<long, (Job? Before, Job After)> _moved = [];

    public Effects() => Note = NoteMove;

    /// <summary>The jobs that the batch changed.</summary>
    public IReadOnlyDictionary<long, (Job? Before, Job After)> Moved => _moved;

    public List<Slice> ReleasedSlices { get; } = [];
    public List<Slice> NewSlices { get; } = [];
    public List<Slice> VoidedSlices { get; } = [];
    public List<(string Node, AttemptKey Key)> AcceptedEnds { get; } = [];
    public List<(string Node, AttemptKey Key)> StaleAttempts { get; } = [];
    public List<Job> StartedAgain { get; } = [];
    public List<Jid> Refused { get; } = [];
    public HashSet<(long Submission, long Segment)> Asked { get; } = [];
    public HashSet<string> NodesToCheck { get; } = [];

    /// <summary>Whether a new scheduler needs a full update.</summary>
    public bool NeedsFullUpdate { get; private set; }

    /// <summary>Whether the index needs all rows again.</summary>
    public bool NeedsAllRows { get; private set; }

    public bool IsEmpty =>
        _moved.Count == 0
        && ReleasedSlices.Count == 0
        && AcceptedEnds.Count == 0
        && StaleAttempts.Count == 0
        && StartedAgain.Count == 0
        && Refused.Count == 0
        && Asked.Count == 0
        && VoidedSlices.Count == 0
        && NodesToCheck.Count == 0
        && !NeedsFullUpdate
        && !NeedsAllRows;

    /// <summary>Notes a changed job; the observer of <see cref="Segment.Apply"/>.</summary>
    internal Action<Job?, Job> Note { get; }

    /// <summary>Reserves capacity for further changed jobs.</summary>
    internal void Expect(int jobs) => _moved.EnsureCapacity(_moved.Count + jobs);

    internal void Submitted(Slice slice) => NewSlices.Add(slice);

    private void NoteMove(Job? before, Job after)
    {
        ref var move = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _moved,
            after.Jid,
            out var known
        );
        move = (known ? move.Before : before, after);
    }

    internal void Voided(Slice slice)
    {
        VoidedSlices.Add(slice);
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            _moved.Remove(jid);
    }

    internal void Released(Slice slice) => ReleasedSlices.Add(slice);

    internal void Accepted(string node, AttemptReport report) =>
        AcceptedEnds.Add((node, Key(report)));

    internal void StopStale(string node, AttemptReport report) =>
        StaleAttempts.Add((node, Key(report)));

    internal void StartAgain(Job job) => StartedAgain.Add(job);

    internal void NotAssigned(Jid jid) => Refused.Add(jid);

    internal void SendOutcome(long submission, long segment) => Asked.Add((submission, segment));

    /// <summary>Checks the attempts of a node whose agent restarted.</summary>
    public void CheckNode(string node) => NodesToCheck.Add(node);

    public void SendFullUpdate() => NeedsFullUpdate = true;

    public void Reindex() => NeedsAllRows = true;

    private static AttemptKey Key(AttemptReport report) =>
        new() { Jid = report.Jid, Attempt = report.Attempt };
}
