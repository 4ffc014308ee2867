using Akka.Actor;
using Akka.TestKit;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Protocol;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

/// <summary>Base class for tests of an agent of node n1 with two cores and a scripted executor,
/// region and scheduler.</summary>
public abstract class AgentTest : ActorTest
{
    protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    protected AgentTest()
        : base(Silent + ManualTimers)
    {
        Region = CreateTestProbe("region");
        Scheduler = CreateTestProbe("scheduler");
    }

    protected ScriptedExecutor Executor { get; } = new();
    protected ScriptedMachine Machine { get; } = new();
    protected ManualClock Clock { get; } = new();
    protected TestProbe Region { get; }
    protected TestProbe Scheduler { get; }

    /// <summary>Null if outputs are not kept in the store.</summary>
    protected TestProbe? Keeper { get; set; }

    /// <summary>Copies a content for an attempt.</summary>
    protected Func<BlobRef, string, CancellationToken, Task> CopyBlob { get; set; } =
        static (_, _, _) => Task.CompletedTask;
    protected bool InCluster { get; set; } = true;

    private protected AgentSettings Settings { get; set; } =
        new()
        {
            Node = "n1",
            Address = "localhost",
            Version = "1",
            Server = "unix:/s",
            Home = new("/home"),
            Capacity = new Resources { Cores = 2, MemoryBytes = 1000 },
            Backlog = 256,
            OfferInterval = TimeSpan.FromSeconds(5),
            FenceAfter = TimeSpan.FromSeconds(9),
            KillGrace = TimeSpan.FromSeconds(1),
            SampleInterval = TimeSpan.FromSeconds(1),
            ExecutorGoneAfter = TimeSpan.FromSeconds(3),
        };

    private protected IActorRef StartAgent(IExecutor? executor = null) =>
        Sys.ActorOf(
            NodeAgentActor.Props(
                Settings,
                new AgentDependencies
                {
                    Executor = executor ?? Executor,
                    Machine = Machine,
                    Segments = Region,
                    Scheduler = Scheduler,
                    Outputs = OutputReader.Props(new(new HomePaths("/nowhere")), new()),
                    Keeper = Keeper?.Ref,
                    IsMember = () => InCluster,
                    MembershipStaleness = () => InCluster ? TimeSpan.Zero : null,
                    CopyBlob = (blob, path, cancel) => CopyBlob(blob, path, cancel),
                    Clock = Clock,
                }
            )
        );

    protected void Advance(TimeSpan time)
    {
        Clock.Now += time;
        ((TestScheduler)Sys.Scheduler).Advance(time);
    }

    /// <summary>Waits until the agent has handled all earlier messages, those of timers
    /// too.</summary>
    protected void Settle(IActorRef agent)
    {
        var asker = CreateTestProbe();
        agent.Tell(new Identify(0), asker);
        asker.ExpectMsg<ActorIdentity>();
    }

    /// <summary>Orders the first attempts of these jobs, each of one core and 10 bytes.</summary>
    protected static StartAttempts Order(params long[] jids) => OrderSized(1, 0, jids);

    protected static StartAttempts OrderSized(int cores, int priority, params long[] jids) =>
        new()
        {
            Node = "n1",
            Groups =
            {
                new AttemptGroup
                {
                    Spec = new JobSpec
                    {
                        Command = "true",
                        Cores = cores,
                        MemoryBytes = 10,
                    },
                    Priority = priority,
                    Orders = { jids.Select(jid => new AttemptOrder { Jid = jid, Attempt = 1 }) },
                },
            },
        };

    protected static AttemptKey Key(long jid) => new() { Jid = jid, Attempt = 1 };

    protected static ReportsAccepted Accepted(params long[] jids) =>
        new() { Node = "n1", Ended = { jids.Select(Key) } };

    /// <summary>Waits until exactly these jobs have been started; those started together may come
    /// in any order.</summary>
    protected void AssertStarts(params long[] jids) =>
        AwaitAssert(() => Assert.Equal(jids.Order(), Executor.Starts.Select(s => s.Jid).Order()));

    /// <summary>Receives this many reports, in any number of messages.</summary>
    /// <param name="linger">Advances the agent's timer, for reports that wait for it.</param>
    protected List<AttemptReport> Reports(int count, bool linger = false)
    {
        var reports = new List<AttemptReport>();
        while (reports.Count < count)
        {
            if (linger)
                AwaitCondition(() =>
                {
                    Advance(Settings.ReportLinger);
                    return Region.HasMessages;
                });
            var request = Region.ExpectMsg<SegmentRequest>();
            Assert.Equal("n1", request.Reports.Node);
            Assert.All(request.Reports.Reports, r => Assert.Equal(request.Segment, r.Jid >> 10));
            reports.AddRange(request.Reports.Reports);
        }
        Assert.Equal(count, reports.Count);
        return reports;
    }

    /// <summary>Receives one report and checks its job and kind.</summary>
    protected AttemptReport Report(long jid, AttemptReport.WhatOneofCase what)
    {
        var report = Assert.Single(Reports(1));
        Assert.Equal((jid, 1, what), (report.Jid, report.Attempt, report.WhatCase));
        return report;
    }
}
