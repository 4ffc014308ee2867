using Akka.Actor;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Tests.Scheduling;

public sealed class SchedulerActorTests : SchedulerTest
{
    [Fact]
    public void A_new_scheduler_requests_a_report_from_every_unfinished_segment()
    {
        Start(3, 9);
        var requests = new[] { Segment(), Segment() };
        Assert.Equal([3, 9], requests.Select(request => request.Segment));
        Assert.All(requests, request => Assert.True(request.Scheduler.Epoch > 0));
    }

    [Fact]
    public void Jobs_are_assigned_once_allSegments_have_reported()
    {
        var scheduler = Start(0, 1);
        Segment();
        Segment();
        scheduler.Tell(Offer("n1", cores: 4));
        scheduler.Tell(Runnable(0, 1, 2, full: true));
        Settle(scheduler);
        Segments.ExpectNoMsg(TimeSpan.Zero);

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
        Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((0, 1, 2, "n1"), Assigned(Segment()));
    }

    [Fact]
    public void A_forecast_tells_when_queued_jobs_start_and_assigns_none()
    {
        var scheduler = Busy();
        scheduler.Tell(new AskWork(), TestActor);
        var work = ExpectMsg<WorkFound>();
        Assert.Equal((1, 2), (work.Active.Single().First, work.Queued.Single().First));

        scheduler.Tell(
            new AskForecast
            {
                Runtimes =
                {
                    new ExpectedRuntime
                    {
                        First = 1,
                        Last = 3,
                        RuntimeUs = 5,
                    },
                },
                Jid = 3,
            },
            TestActor
        );
        // Job 1 has not started yet, and runs first.
        var reply = ExpectMsg<ForecastReply>();
        Assert.Equal((3, 0), (reply.Queued, reply.Unforeseen));
        Assert.Equal(reply.At + 10, reply.StartsAt);
        Segments.ExpectNoMsg(TimeSpan.Zero);
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
        Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal((0, 2, 2, "n2"), Assigned(Segment()));
    }

    [Fact]
    public void A_retry_is_assigned_when_its_backoff_ends()
    {
        var scheduler = Busy(cores: 2, runnable: 1);
        var update = Runnable(0, 2, 1);
        var at = Time.AddSeconds(1);
        update.Runnable[0].NotBefore = at.ToMicroseconds();
        scheduler.Tell(update);
        Advance(TimeSpan.FromMilliseconds(900));
        Settle(scheduler);
        Segments.ExpectNoMsg(TimeSpan.Zero);
        Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 2, 1, "n1"), Assigned(Segment()));
    }

    [Fact]
    public void An_unconfirmed_assignment_is_checked_with_its_segment()
    {
        Busy(confirm: false);
        AdvanceUntil(() => Segments.HasMessages);
        var request = Segment();
        Assert.Equal(
            (0, SegmentRequest.RequestOneofCase.Scheduler),
            (request.Segment, request.RequestCase)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheSegments_of_a_lost_node_are_informed(bool planned)
    {
        var scheduler = Busy();
        scheduler.Tell(new NodeLeft("n1", planned));
        var changed = Segment().NodeChanged;
        Assert.Equal(("n1", true, planned), (changed.Node, changed.Gone, changed.Planned));
    }

    [Fact]
    public void TheSegments_of_a_restarted_node_are_informed()
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
    public void A_queued_job_is_explained()
    {
        var scheduler = Busy();
        scheduler.Tell(new ExplainQueued { Jid = 3 }, TestActor);
        var reply = ExpectMsg<ExplainReply>();
        Assert.Equal((Protocol.Status.Queued, 1), (reply.Status, reply.Ahead));
        Assert.Equal("the core of n1 is busy", reply.Summary);
    }

    [Fact]
    public void UnfinishedSegments_are_audited_in_turn()
    {
        var scheduler = Start(3, 9);
        Segment();
        Segment();
        scheduler.Tell(new SegmentUpdate { Segment = 3, Full = true });
        scheduler.Tell(new SegmentUpdate { Segment = 9, Full = true });
        foreach (var expected in new[] { 3, 9 })
        {
            AdvanceUntil(() => Segments.HasMessages);
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
        AdvanceUntil(() => Segments.HasMessages);
        Assert.Equal(5, Segment().Segment);
    }
}
