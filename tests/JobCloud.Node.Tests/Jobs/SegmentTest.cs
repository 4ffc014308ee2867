using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>Segments with a scripted journal, scheduler, agents and index, and with manual
/// timers.</summary>
public abstract class SegmentTest : ActorTest
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    protected SegmentTest()
        : base(ManualTimers + ScriptedJournal.Config)
    {
        Scheduler = CreateTestProbe("scheduler");
        Agents = CreateTestProbe("agents");
        Index = CreateTestProbe("index");
        Lifecycle = CreateTestProbe("lifecycle");
        Sweeper = CreateTestProbe("sweeper");
        Region = Sys.ActorOf(
            Props.Create(() => new TestRegion(n => SegmentActor.Props(n, Ports()), Lifecycle)),
            "region"
        );
        Journal = Persistence.Instance.Apply(Sys).JournalFor("");
    }

    protected IActorRef Region { get; }
    protected IActorRef Journal { get; }
    protected TestProbe Scheduler { get; }
    protected TestProbe Agents { get; }
    protected TestProbe Index { get; }
    protected TestProbe Lifecycle { get; }
    protected TestProbe Sweeper { get; }
    protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    protected static TimeSpan CheckInterval { get; } = TimeSpan.FromSeconds(5);
    protected static TimeSpan PassivateAfter { get; } = TimeSpan.FromSeconds(30);
    protected static TimeSpan EraseWithin { get; } = TimeSpan.FromMinutes(1);

    private SegmentDependencies Ports() =>
        new(
            () => Region,
            Scheduler,
            Agents,
            Index,
            JobRules.Default,
            Clock,
            TestHome.NoDamage,
            4096,
            CheckInterval,
            PassivateAfter,
            EraseWithin,
            HistoryAsync,
            Sweeper
        );

    /// <summary>Reads the history as the store does.</summary>
    private async Task<SegmentHistory?> HistoryAsync(long segment, long to)
    {
        var history = new SegmentHistory();
        var read = new ScriptedJournal.ReadRows(ClusterNames.SegmentId(segment));
        foreach (var row in (await Journal.Ask<object[]>(read, Limit)).Take((int)to))
            if (row is SegmentCompacted compacted)
                history.Add(compacted);
            else
                history.Add(((JobsChanged)row).Events);
        return history;
    }

    protected void Advance(TimeSpan time)
    {
        Clock.Advance(time);
        ((TestScheduler)Sys.Scheduler).Advance(time);
    }

    protected void Tell(SegmentRequest request, IActorRef? from = null) =>
        Region.Tell(request, from ?? TestActor);

    protected SegmentReply Ask(SegmentRequest request)
    {
        Tell(request);
        return ExpectMsg<SegmentReply>(Limit);
    }

    /// <summary>Waits until the segment has handled all earlier messages.</summary>
    protected void Settle(long segment = 0) =>
        Region
            .Ask<ActorIdentity>(new TestRegion.ToSegment(segment, new Identify(null)), Limit)
            .Wait();

    /// <summary>Stops a segment; the next message recovers it.</summary>
    protected void Stop(long segment = 0)
    {
        Region.Tell(new TestRegion.ToSegment(segment, PoisonPill.Instance));
        Lifecycle.ExpectMsg(new TestRegion.SegmentStopped(segment), Limit);
    }

    protected JobsChanged[] Rows(long segment = 0) =>
        [
            .. Journal
                .Ask<object[]>(new ScriptedJournal.ReadRows(ClusterNames.SegmentId(segment)), Limit)
                .Result.OfType<JobsChanged>(),
        ];

    /// <summary>Writes rows to the journal of segment 0 before it starts.</summary>
    protected void WriteRows(params object[] rows)
    {
        var writer = Sys.ActorOf(Props.Create(() => new RowWriter(ClusterNames.SegmentId(0))));
        foreach (var row in rows)
            writer.Ask<RowWriter.Written>(row, Limit).Wait();
        writer.GracefulStop(Limit).Wait();
    }

    protected static void Drain(TestProbe probe)
    {
        while (probe.HasMessages)
            probe.ReceiveOne(TimeSpan.Zero);
    }

    /// <summary>The first matching message of this type; skips the ones before it.</summary>
    protected static T Next<T>(TestProbe probe, Func<T, bool>? fits = null)
        where T : class =>
        (T)probe.FishForMessage(m => m is T found && (fits?.Invoke(found) ?? true), Limit);

    protected static SegmentRequest Submit(
        long first,
        int count = 1,
        long? submission = null,
        long? last = null,
        string owner = "ann"
    ) =>
        new()
        {
            Segment = Segments.Of(first),
            Submit = new SubmitSlice
            {
                First = first,
                Count = count,
                Held = submission is not null && submission != first,
                Submitted = new Submitted
                {
                    Spec = new JobSpec { Command = "true", Cores = 1 },
                    SubmissionFirst = submission ?? first,
                    SubmissionLast = last ?? first + count - 1,
                    IsMap = count > 1 || submission is not null,
                    Owner = owner,
                },
            },
        };

    protected static SegmentRequest Read(long first, long? last = null, bool detail = false) =>
        new()
        {
            Segment = Segments.Of(first),
            By = "ann",
            Read = new ReadJobs
            {
                Jobs = { JidRanges.Range(first, last ?? first) },
                Depth = detail ? ReadDepth.Detail : ReadDepth.Status,
            },
        };

    protected static SegmentRequest Assign(long first, int count = 1, string node = "n1") =>
        new()
        {
            Segment = Segments.Of(first),
            Assign = new AssignJobs
            {
                Assignments =
                {
                    new Assignment
                    {
                        First = first,
                        Count = count,
                        Node = node,
                    },
                },
            },
        };

    protected static SegmentRequest Report(AttemptReport report, string node = "n1") =>
        new()
        {
            Segment = Segments.Of(report.Jid),
            Reports = new AttemptReports { Node = node, Reports = { report } },
        };

    protected static AttemptReport Ended(long jid, int attempt = 1, int code = 0) =>
        new()
        {
            Jid = jid,
            Attempt = attempt,
            Ended = new AttemptEnd
            {
                Exit = new Exit { Code = code },
                StartedAt = 5,
                EndedAt = 7,
            },
        };

    protected static SegmentRequest Kill(long first, long? last = null) =>
        new()
        {
            Segment = Segments.Of(first),
            By = "ann",
            Change = new ChangeJobs
            {
                Change = Change.Kill,
                Jobs = { JidRanges.Range(first, last ?? first) },
            },
        };

    protected static SegmentRequest Subscribe(
        long first,
        long last,
        bool end = false,
        string by = "ann"
    ) =>
        new()
        {
            Segment = Segments.Of(first),
            By = by,
            Subscribe = new Subscribe { Jobs = { JidRanges.Range(first, last) }, End = end },
        };
}
