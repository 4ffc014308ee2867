using Akka.Actor;
using Akka.TestKit;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Scheduling;

/// <summary>Base class for tests of a scheduler with scripted segments, agents and drains, whose
/// clock the test advances.</summary>
public abstract class SchedulerTest : ActorTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));

    protected SchedulerTest() => (Segments, Agents) = (CreateTestProbe(), CreateTestProbe());

    private protected MemoryDrainStore Drains { get; } = new();
    protected TestProbe Segments { get; }
    protected TestProbe Agents { get; }

    protected DateTimeOffset Time => _time.GetUtcNow();

    protected void Advance(TimeSpan time) => _time.Advance(time);

    /// <summary>A scheduler with one node whose only core runs job 1.</summary>
    protected IActorRef Busy(int cores = 1, int runnable = 3, bool confirm = true)
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

    protected IActorRef Start(params long[] unfinished) =>
        Start(() => Task.FromResult<IReadOnlyList<long>>(unfinished));

    protected IActorRef Start(Func<Task<IReadOnlyList<long>>> unfinished)
    {
        var ports = new SchedulerDependencies(
            Segments.Ref,
            Agents.Ref,
            unfinished,
            Drains,
            LostNodeDetector: null,
            _time
        );
        return Sys.ActorOf(SchedulerActor.Props(ports, new SchedulerSettings()));
    }

    /// <summary>Waits until the scheduler has handled all earlier messages.</summary>
    protected static void Settle(IActorRef scheduler) =>
        scheduler.Ask<NodesReply>(new SchedulerNodes(), Limit).Wait();

    protected void AdvanceUntil(Func<bool> condition) =>
        AwaitCondition(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            Limit,
            TimeSpan.FromMilliseconds(10)
        );

    /// <summary>The next message to a segment; advances the clock while it waits.</summary>
    protected SegmentRequest Segment()
    {
        AwaitCondition(
            () =>
            {
                if (!Segments.HasMessages)
                    _time.Advance(TimeSpan.FromMilliseconds(2));
                return Segments.HasMessages;
            },
            Limit,
            TimeSpan.FromMilliseconds(5)
        );
        return Segments.ExpectMsg<SegmentRequest>();
    }

    protected static (long, long, int, string) Assigned(SegmentRequest request)
    {
        var assignment = Assert.Single(request.Assign.Assignments);
        return (request.Segment, assignment.First, assignment.Count, assignment.Node);
    }

    protected static NodeOffer Offer(string node, int cores, long session = 1) =>
        new()
        {
            Node = node,
            Session = session,
            Capacity = new Resources { Cores = cores },
        };

    protected static SegmentUpdate Runnable(
        long segment,
        long first,
        int count,
        bool full = false
    ) =>
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
