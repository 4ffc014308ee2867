using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// The decisions of one commit. Recording an event applies it to the segment, so that the next
/// decision sees it; messages wait in <see cref="Effects"/> until the commit is durable.
/// </summary>
public sealed class PendingCommit(Segment segment, long now, JobRules rules)
{
    private readonly List<JobEvent> _events = [];

    public Segment Segment { get; } = segment;
    public long Now { get; } = now;
    public JobRules Rules { get; } = rules;
    public IReadOnlyList<JobEvent> Events => _events;
    public Effects Effects { get; } = new();

    public void Record(JobEvent e)
    {
        e.At = Now;
        _events.Add(e);
        if (e.Count > 1)
            Effects.Expect(e.Count);
        Segment.Apply(e, Effects.Note);
        if (e.FactCase == JobEvent.FactOneofCase.Submitted)
            Effects.Submitted(Segment.Slice(e.Submitted.SubmissionFirst)!);
    }
}

/// <summary>Parameters of decisions, other than the segment and the time.</summary>
/// <param name="CrashLimit">Unplanned losses of its node that end a job; 0: no limit.</param>
/// <param name="MaxBackoffMs">The longest back-off before a retry, in ms.</param>
public sealed record JobRules(int CrashLimit, long MaxBackoffMs)
{
    public static readonly JobRules Default = new(5, 3_600_000);
}
