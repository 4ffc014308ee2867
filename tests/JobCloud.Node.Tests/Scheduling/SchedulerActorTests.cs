using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Scheduling;

public sealed class SchedulerActorTests : TestKit
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly TestProbe _segments;
    private readonly TestProbe _agents;
    private readonly MemoryDrainStore _drains = new();

    private static DrainRequest Disk =>
        new()
        {
            Node = "n1",
            Reason = "disk",
            By = "ann",
        };

    public SchedulerActorTests() => (_segments, _agents) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void A_new_scheduler_requests_a_report_from_every_unfinished_segment()
    {
        Start(3, 9);
        var requests = new[] { Segment(), Segment() };
        Assert.Equal([3, 9], requests.Select(request => request.Segment));
        Assert.All(requests, request => Assert.True(request.Scheduler.Epoch > 0));
    }

    [Fact]
    public void Jobs_are_assigned_once_all_segments_have_reported()
    {
        var scheduler = Start(0, 1);
        Segment();
        Segment();
        scheduler.Tell(Offer("n1", cores: 4));
        scheduler.Tell(Runnable(0, 1, 2, full: true));
        Settle(scheduler);
        _segments.ExpectNoMsg(TimeSpan.Zero);

        scheduler.Tell(Runnable(1, 1024, 5, full: true));

        Assert.Equal((0, 1, 2, "n1"), Assigned(Segment()));
        Assert.Equal((1, 1024, 2, "n1"), Assigned(Segment()));
    }

    [Fact]
    public void The_wait_for_a_silent_segment_is_limited()
    {
        var scheduler = Start(0, 1);
        Segment();
        Segment();
        scheduler.Tell(Offer("n1", cores: 4));
        scheduler.Tell(Runnable(0, 1, 2, full: true));
        Settle(scheduler);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((0, 1, 2, "n1"), Assigned(Segment()));
    }

    [Fact]
    public void An_ended_attempt_frees_its_core_for_the_next_job()
    {
        var scheduler = Busy();
        scheduler.Tell(
            new SegmentUpdate
            {
                Ended =
                {
                    new EndedAttempt { Jid = 1, Status = Protocol.Status.Done },
                },
            }
        );
        Assert.Equal((0, 2, 1, "n1"), Assigned(Segment()));
    }

    [Fact]
    public void Changes_within_the_pace_are_handled_in_one_round()
    {
        var scheduler = Busy(runnable: 1);
        scheduler.Tell(Offer("n2", cores: 2));
        scheduler.Tell(Runnable(0, 2, 1));
        scheduler.Tell(Runnable(0, 3, 1));
        Settle(scheduler);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal((0, 2, 2, "n2"), Assigned(Segment()));
    }

    [Fact]
    public void A_retry_is_assigned_when_its_backoff_ends()
    {
        var scheduler = Busy(cores: 2, runnable: 1);
        var update = Runnable(0, 2, 1);
        var at = _time.GetUtcNow().AddSeconds(1);
        update.Runnable[0].NotBefore = at.ToMicroseconds();
        scheduler.Tell(update);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Settle(scheduler);
        _segments.ExpectNoMsg(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 2, 1, "n1"), Assigned(Segment()));
    }

    [Fact]
    public void An_unconfirmed_assignment_is_checked_with_its_segment()
    {
        Busy(confirm: false);
        AdvanceUntil(() => _segments.HasMessages);
        var request = Segment();
        Assert.Equal(
            (0, SegmentRequest.RequestOneofCase.Scheduler),
            (request.Segment, request.RequestCase)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_segments_of_a_lost_node_are_informed(bool planned)
    {
        var scheduler = Busy();
        scheduler.Tell(new NodeLeft("n1", planned));
        var changed = Segment().NodeChanged;
        Assert.Equal(("n1", true, planned), (changed.Node, changed.Gone, changed.Planned));
    }

    [Fact]
    public void The_segments_of_a_restarted_node_are_informed()
    {
        var scheduler = Busy();
        scheduler.Tell(Offer("n1", cores: 1, session: 2));
        var changed = Segment().NodeChanged;
        Assert.Equal(("n1", false), (changed.Node, changed.Gone));
    }

    [Fact]
    public void A_map_above_its_failure_limit_is_killed()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        var update = Runnable(0, 1, 9);
        (update.Runnable[0].MaxFails, update.Runnable[0].SubmissionFirst) = (1, 1);
        scheduler.Tell(update);
        Segment();
        scheduler.Tell(
            new SegmentUpdate
            {
                Ended =
                {
                    new EndedAttempt { Jid = 1, Status = Protocol.Status.Error },
                },
            }
        );
        var request = Segment();
        Assert.True(request.Admin, "the jobs may belong to any user");
        var change = request.Change;
        Assert.Equal(Change.Kill, change.Change);
        Assert.Equal((ReasonCode.MaxFails, 1), (change.Reason.Code, change.Reason.Number));
        Assert.Equal(new JidRange { First = 2, Last = 9 }, Assert.Single(change.Jobs));
    }

    [Fact]
    public void A_drain_is_sent_until_the_node_confirms_it()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        Settle(scheduler);
        scheduler.Tell(Disk, TestActor);
        Assert.Equal("drained", Assert.Single(ExpectMsg<NodesReply>().Nodes).State);
        var sent = _agents.ExpectMsg<DrainRequest>();
        Assert.Equal(("n1", "disk", "ann"), (sent.Node, sent.Reason, sent.By));

        scheduler.Tell(Offer("n1", cores: 1));
        _agents.ExpectMsg(sent);
        var draining = Offer("n1", cores: 1);
        (draining.Draining, draining.Drain) = (true, sent.Since);
        scheduler.Tell(draining);
        Settle(scheduler);
        _agents.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_drain_survives_a_restart_of_the_scheduler()
    {
        var first = Start();
        first.Tell(Offer("n1", cores: 1));
        Settle(first);
        first.Tell(Disk, TestActor);
        ExpectMsg<NodesReply>();
        _agents.ExpectMsg<DrainRequest>();
        Sys.Stop(first);

        var next = Start(0);
        Segment();
        Settle(next);
        next.Tell(Offer("n1", cores: 1));
        Assert.Equal("disk", _agents.ExpectMsg<DrainRequest>().Reason);
        next.Tell(Runnable(0, 1, 1, full: true));
        Settle(next);
        _segments.ExpectNoMsg(TimeSpan.Zero);
        next.Tell(new DrainRequest { Node = "n1", Undrain = true }, TestActor);
        Assert.Equal("ready", Assert.Single(ExpectMsg<NodesReply>().Nodes).State);
        Assert.Equal((0, 1, 1, "n1"), Assigned(Segment()));
        Assert.Empty(_drains.Drains);
    }

    [Fact]
    public void A_drain_that_fails_to_be_written_changes_nothing()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        Settle(scheduler);
        _drains.Fails = true;
        scheduler.Tell(Disk, TestActor);
        Assert.Equal(RefusalCode.StoreUnavailable, ExpectMsg<Refusal>().Code);
        scheduler.Tell(new SchedulerNodes(), TestActor);
        Assert.Equal("ready", Assert.Single(ExpectMsg<NodesReply>().Nodes).State);
    }

    [Fact]
    public void No_job_is_assigned_before_the_drains_are_known()
    {
        _drains.Fails = true;
        var scheduler = Start(0);
        Segment();
        scheduler.Tell(Offer("n1", cores: 1));
        scheduler.Tell(Runnable(0, 1, 1, full: true));
        Settle(scheduler);
        _segments.ExpectNoMsg(TimeSpan.Zero);
        scheduler.Tell(Disk, TestActor);
        Assert.Equal(RefusalCode.Busy, ExpectMsg<Refusal>().Code);
        _drains.Fails = false;
        AdvanceUntil(() => _segments.HasMessages && Segment().Assign is not null);
    }

    [Fact]
    public void A_drain_of_an_unknown_node_is_refused_with_the_known_names()
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores: 1));
        Settle(scheduler);
        scheduler.Tell(new DrainRequest { Node = "n7" }, TestActor);
        var refusal = ExpectMsg<Refusal>();
        Assert.Equal(RefusalCode.NotFound, refusal.Code);
        Assert.Equal("Unknown node n7; the nodes are n1", refusal.Message);
    }

    [Fact]
    public void A_queued_job_is_explained()
    {
        var scheduler = Busy();
        scheduler.Tell(new ExplainQueued { Jid = 3 }, TestActor);
        var reply = ExpectMsg<ExplainReply>();
        Assert.Equal((Protocol.Status.Queued, 1), (reply.Status, reply.Ahead));
        Assert.Equal("the core of n1 is busy", reply.Summary);
    }

    [Fact]
    public void Unfinished_segments_are_audited_in_turn()
    {
        var scheduler = Start(3, 9);
        Segment();
        Segment();
        scheduler.Tell(new SegmentUpdate { Segment = 3, Full = true });
        scheduler.Tell(new SegmentUpdate { Segment = 9, Full = true });
        foreach (var expected in new[] { 3, 9 })
        {
            AdvanceUntil(() => _segments.HasMessages);
            Assert.Equal(expected, Segment().Segment);
            scheduler.Tell(new SegmentUpdate { Segment = expected, Full = true });
            Settle(scheduler);
        }
    }

    [Fact]
    public void A_failed_read_of_the_store_is_retried()
    {
        var calls = 0;
        Start(() =>
            ++calls == 1
                ? throw new InvalidOperationException("locked")
                : Task.FromResult<IReadOnlyList<long>>([5])
        );
        AdvanceUntil(() => _segments.HasMessages);
        Assert.Equal(5, Segment().Segment);
    }

    /// <summary>A scheduler with one node whose only core runs job 1.</summary>
    private IActorRef Busy(int cores = 1, int runnable = 3, bool confirm = true)
    {
        var scheduler = Start();
        scheduler.Tell(Offer("n1", cores));
        scheduler.Tell(Runnable(0, 1, runnable));
        Assert.Equal(1, Segment().Assign.Assignments.Single().First);
        if (confirm)
            scheduler.Tell(
                new SegmentUpdate
                {
                    Active =
                    {
                        new ActiveAttempt
                        {
                            Jid = 1,
                            Attempt = 1,
                            Node = "n1",
                            Cores = 1,
                        },
                    },
                }
            );
        Settle(scheduler);
        // The round that the confirmation requested may start only after the first answer.
        Settle(scheduler);
        return scheduler;
    }

    private IActorRef Start(params long[] unfinished) =>
        Start(() => Task.FromResult<IReadOnlyList<long>>(unfinished));

    private IActorRef Start(Func<Task<IReadOnlyList<long>>> unfinished)
    {
        var ports = new SchedulerDependencies(
            _segments.Ref,
            _agents.Ref,
            unfinished,
            _drains,
            LostNodeDetector: null,
            _time
        );
        return Sys.ActorOf(SchedulerActor.Props(ports, new SchedulerSettings()));
    }

    /// <summary>Waits until the scheduler has handled all earlier messages.</summary>
    private static void Settle(IActorRef scheduler) =>
        scheduler.Ask<NodesReply>(new SchedulerNodes(), TimeSpan.FromSeconds(10)).Wait();

    private void AdvanceUntil(Func<bool> condition) =>
        AwaitCondition(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            TimeSpan.FromSeconds(10),
            TimeSpan.FromMilliseconds(10)
        );

    /// <summary>The next message to a segment; advances the clock while it waits.</summary>
    private SegmentRequest Segment()
    {
        AwaitCondition(
            () =>
            {
                if (!_segments.HasMessages)
                    _time.Advance(TimeSpan.FromMilliseconds(2));
                return _segments.HasMessages;
            },
            TimeSpan.FromSeconds(10),
            TimeSpan.FromMilliseconds(5)
        );
        return _segments.ExpectMsg<SegmentRequest>();
    }

    private static (long, long, int, string) Assigned(SegmentRequest request)
    {
        var assignment = Assert.Single(request.Assign.Assignments);
        return (request.Segment, assignment.First, assignment.Count, assignment.Node);
    }

    private static NodeOffer Offer(string node, int cores, long session = 1) =>
        new()
        {
            Node = node,
            Session = session,
            Capacity = new Resources { Cores = cores },
        };

    private static SegmentUpdate Runnable(long segment, long first, int count, bool full = false) =>
        new()
        {
            Segment = segment,
            Full = full,
            Runnable =
            {
                new RunnableJobs
                {
                    First = first,
                    Count = count,
                    Cores = 1,
                },
            },
        };
}
