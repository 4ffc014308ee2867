using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Testing;

/// <summary>
/// A simulated segment: it decides requests, applies the events, and delivers its messages to
/// itself (dependencies between its own jobs). Tests build states only in this way.
/// </summary>
public sealed class JobStory
{
    private readonly DependencyOutcomes _outcomes = new();
    private readonly Queue<SegmentRequest> _mail = [];

    public JobStory(JobRules? rules = null) => Rules = rules ?? JobRules.Default;

    public JobRules Rules { get; }
    public Segment Segment { get; } = new(0);
    public long Now { get; private set; } = 1_000_000;

    /// <summary>Lets time pass.</summary>
    public void Pass(long micros) => Now += micros;

    /// <summary>All events so far.</summary>
    public List<JobEvent> Journal { get; } = [];

    /// <summary>Called with each commit.</summary>
    public Action<PendingCommit> Committed { get; init; } = static _ => { };

    /// <summary>The messages of each batch, oldest first.</summary>
    public List<SegmentMessages> Messages { get; } = [];

    public Job this[long jid] =>
        Segment.Find(new Jid(jid))
        ?? throw new InvalidOperationException($"the story has no job {jid}");

    /// <summary>Commits one batch, then its messages to itself until none are left. Returns the
    /// events of the first batch only.</summary>
    public IReadOnlyList<JobEvent> Do(Action<PendingCommit> decide)
    {
        var events = Commit(decide);
        while (_mail.TryDequeue(out var request))
            Commit(batch => Deliver(batch, request));
        return events;
    }

    public JobStory Submit(int count = 1, Action<JobSpec>? with = null, bool map = false)
    {
        var spec = new JobSpec
        {
            Command = "true",
            Cores = 1,
            Priority = 5,
        };
        with?.Invoke(spec);
        var first = Segment.Highest + 1;
        Do(batch =>
            Decide.Submit(
                batch,
                new SubmitSlice
                {
                    First = first,
                    Count = count,
                    Submitted = new Submitted
                    {
                        Spec = spec,
                        SubmissionFirst = first,
                        SubmissionLast = first + count - 1,
                        IsMap = map,
                        Owner = "ann",
                        DependsOn = { spec.DependsOn },
                    },
                }
            )
        );
        return this;
    }

    public IReadOnlyList<JobEvent> Assign(long jid, string node = "n1") =>
        Do(batch =>
            Decide.Assign(
                batch,
                new AssignJobs
                {
                    Assignments =
                    {
                        new Assignment
                        {
                            First = jid,
                            Count = 1,
                            Node = node,
                        },
                    },
                }
            )
        );

    public IReadOnlyList<JobEvent> Report(AttemptReport report, string node = "n1") =>
        Do(batch => Decide.Report(batch, new AttemptReports { Node = node, Reports = { report } }));

    public IReadOnlyList<JobEvent> Started(long jid, int? attempt = null) =>
        Report(
            new AttemptReport
            {
                Jid = jid,
                Attempt = attempt ?? this[jid].Attempt,
                Started = new AttemptStart { Pid = 77, StartedAt = Now },
            }
        );

    public IReadOnlyList<JobEvent> Ended(long jid, Exit exit, int? attempt = null) =>
        Report(
            new AttemptReport
            {
                Jid = jid,
                Attempt = attempt ?? this[jid].Attempt,
                Ended = new AttemptEnd
                {
                    Exit = exit,
                    StartedAt = this[jid].Phase is JobPhase.Processing p ? p.Started : Now,
                    EndedAt = Now + 5,
                },
            }
        );

    public IReadOnlyList<JobEvent> Terminal(TerminalReport report) =>
        Do(batch => Decide.Terminal(batch, report, "ann"));

    public (Refusal? Refusal, IReadOnlyList<JobEvent> Events) Change(
        Change change,
        long first,
        long? last = null
    )
    {
        Refusal? refusal = null;
        var events = Do(batch =>
            refusal = Decide.Change(
                batch,
                new ChangeJobs
                {
                    Change = change,
                    Jobs =
                    {
                        new JidRange { First = first, Last = last ?? first },
                    },
                    Priority = 2,
                },
                new Requester("ann", false),
                out _
            )
        );
        return (refusal, events);
    }

    /// <summary>Runs a submitted job from its assignment to its end.</summary>
    public JobStory Run(long jid, Exit exit)
    {
        Assign(jid);
        Started(jid);
        Ended(jid, exit);
        return this;
    }

    private IReadOnlyList<JobEvent> Commit(Action<PendingCommit> decide)
    {
        Now += 1_000;
        var batch = new PendingCommit(Segment, Now, Rules);
        decide(batch);
        Journal.AddRange(batch.Events);
        Committed(batch);
        var outbox = SegmentMessages.Of(Segment, batch.Effects);
        Messages.Add(outbox);
        foreach (var request in outbox.ToSegments)
            _mail.Enqueue(request);
        foreach (
            var news in _outcomes.News(Segment, outbox.AffectedDependents, batch.Effects.Asked)
        )
            _mail.Enqueue(news);
        return batch.Events;
    }

    private static void Deliver(PendingCommit batch, SegmentRequest request)
    {
        if (request.Dependents is { } dependents)
            Decide.Register(batch, dependents);
        if (request.Outcome is { } outcome)
            Decide.Settle(batch, outcome);
    }
}
