using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Allocation;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Stored;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Submissions.Tokens;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The actors of a node and how they find each other, in the order of their start.</summary>
public sealed class NodeActors
{
    private readonly NodeParts parts;

    private NodeActors(NodeParts parts)
    {
        this.parts = parts;
        Index = StartIndex();
        Allocator = StartSingleton(
            ClusterNames.Allocator,
            ClusterNames.AllocatorProxy,
            Kept(AllocatorActor.Props(ClusterNames.AllocatorId, parts.Clock))
        );
        Definitions = StartSingleton(
            ClusterNames.Definitions,
            ClusterNames.DefinitionsProxy,
            Kept(
                DefinitionsActor.Props(
                    ClusterNames.DefinitionsId,
                    Settings.Definitions.Limits,
                    parts.Clock
                )
            )
        );
        Roster = System.ActorOf(Membership.Roster.Props(parts.Clock), "roster");
        // The region, the scheduler and the agents know each other: the first message comes later.
        Scheduler = Proxy(ClusterNames.Scheduler, ClusterNames.SchedulerProxy);
        Region = StartRegion();
        Questions = StartQuestions();
        Keeper = StartKeeper();
        Terminals = new NodeTerminals(
            Settings.Node.Name,
            Settings.Paths.TerminalSocket,
            parts.Clock
        );
        Agent = StartAgent();
        Agents = StartRouter();
        StartManager(ClusterNames.Scheduler, SchedulerProps());
        Submitter = StartSubmitter();
        parts.System.ActorOf(IndexRepair.Props(Region, StaleSegmentsAsync), "index-repair");
    }

    public IActorRef Index { get; }

    /// <summary>Answers questions to the index: all that was acknowledged, on any node.</summary>
    public IActorRef Questions { get; }
    public IActorRef Allocator { get; }
    public IActorRef Definitions { get; }
    public IActorRef Roster { get; }
    public IActorRef Scheduler { get; }
    public IActorRef Region { get; }

    /// <summary>Null: outputs are not kept in the store.</summary>
    public IActorRef? Keeper { get; }

    /// <summary>Those in the jobs of this node.</summary>
    public NodeTerminals Terminals { get; }
    public IActorRef Agent { get; }
    public IActorRef Agents { get; }
    public IActorRef Submitter { get; }

    public static NodeActors Start(NodeParts parts) => new(parts);

    private NodeSettings Settings => parts.Settings;
    private ActorSystem System => parts.System;

    private IActorRef StartIndex() =>
        System.ActorOf(IndexActor.Props(Settings.Paths.Index, Settings.Index), ClusterNames.Index);

    private IActorRef StartRegion()
    {
        var ports = new Lazy<SegmentPorts>(() =>
            new SegmentPorts(
                () => Region,
                Scheduler,
                Agents,
                Index,
                JobRules.Default with
                {
                    CrashLimit = Settings.CrashLimit,
                },
                parts.Clock,
                Settings.Segments.MaxBatchEvents,
                Settings.Segments.CheckInterval,
                Settings.Segments.PassivateAfter
            )
        );
        return ClusterSharding
            .Get(System)
            .Start(
                ClusterNames.Segments,
                id => SegmentActor.Props(long.Parse(id, CultureInfo.InvariantCulture), ports.Value),
                ClusterShardingSettings.Create(System).WithRole(ClusterNames.Control),
                new SegmentExtractor()
            );
    }

    /// <summary>An embedded store has one node, whose index hears of all.</summary>
    private IActorRef StartQuestions() =>
        Settings.Store.Provider == StoreProvider.Sqlite
            ? Index
            : System.ActorOf(
                SharedIndex.Props(
                    new(
                        Index,
                        () => parts.Segments.ReadAsync(CancellationToken.None),
                        Region,
                        Settings.Index.PageBytes,
                        Settings.Gateway.SegmentsAtOnce,
                        Settings.Gateway.AnswerWithin
                    )
                ),
                "questions"
            );

    private IActorRef? StartKeeper() =>
        parts.StoredOutputs is { } store
            ? System.ActorOf(
                OutputKeeper.Props(
                    store,
                    new AttemptParts(Settings.Paths, Settings.StoredOutputs),
                    Settings.StoredOutputs,
                    parts.Clock
                ),
                "keeper"
            )
            : null;

    private IActorRef StartAgent()
    {
        var machine = new LinuxMachine(
            Settings.Paths,
            () => ExecutorLauncher.Start(Settings.Paths),
            parts.Clock
        );
        var agent = System.ActorOf(
            NodeAgentActor.Props(
                Settings.Agent with
                {
                    Address = parts.Facts.Address,
                },
                new AgentPorts
                {
                    Executor = parts.Executor(machine),
                    Machine = machine,
                    Segments = Region,
                    Scheduler = Scheduler,
                    Outputs = OutputReader.Props(new OutputFiles(Settings.Paths), Settings.Outputs),
                    Keeper = Keeper,
                    Reader = System.ActorOf(
                        AttemptReader.Props(
                            new OutputFiles(Settings.Paths),
                            Terminals,
                            Settings.Gateway.AnswerWithin / 4
                        ),
                        "reader"
                    ),
                    Terminals = System.ActorOf(
                        TerminalsActor.Props(Terminals, Settings.Terminals),
                        "terminals"
                    ),
                    ExecutorFound = pid => parts.Facts.ExecutorPid = pid,
                    InCluster = () => Cluster.Get(System).SelfMember.Status == MemberStatus.Up,
                    Certainty = parts.Standing.Age,
                    Clock = parts.Clock,
                }
            ),
            ClusterNames.Agent
        );
        System.ActorOf(
            RetentionActor.Props(
                new KeptOutput(Settings.Paths),
                Settings.Outputs,
                agent,
                parts.Clock
            ),
            "retention"
        );
        return agent;
    }

    private IActorRef StartRouter() =>
        System.ActorOf(
            AgentRouter.Props(
                Settings.Node.Name,
                Agent,
                router => System.ActorOf(ClusterNodes.Props(router), "nodes"),
                Keeper
            ),
            ClusterNames.Agents
        );

    private Props SchedulerProps() =>
        SchedulerActor.Props(
            new SchedulerPorts(
                Region,
                Agents,
                StaleSegmentsAsync,
                new DrainTable(parts.Store, Settings.Store.WriteWithin),
                Departures.Props(
                    Roster,
                    new DepartureRules(
                        PutOutAsync,
                        IsAbsentAsync,
                        Settings.Cluster.RemovalHold,
                        Settings.Cluster.DeathTime
                    ),
                    parts.Clock
                ),
                parts.Clock
            ),
            Settings.Scheduler
        );

    private async Task<DepartureWord?> PutOutAsync(string node, int session)
    {
        if (parts.Registry is not { } registry)
            return null;
        using var limit = new CancellationTokenSource(Settings.Store.WriteWithin);
        return await registry.PutOutAsync(node, session, Settings.Cluster.DeathTime, limit.Token);
    }

    private async Task<AbsenceWord> IsAbsentAsync(string node, TimeSpan unvouched)
    {
        var role = ClusterNames.NodeRole(node);
        if (parts.Registry is not { } registry)
            return new(Sure: false, Vouched: true);
        if (Cluster.Get(System).State.Members.Any(member => member.HasRole(role)))
            return new(Sure: false, Vouched: true);
        using var limit = new CancellationTokenSource(Settings.Store.WriteWithin);
        var (certainty, death) = (Settings.Cluster.Certainty, Settings.Cluster.DeathTime);
        // A session that it may have begun meanwhile is not silent, and is not put out.
        await registry.PutOutAsync(node, 0, certainty.Detection + death, limit.Token);
        var traces = await registry.TracesAsync(limit.Token);
        return new(
            Absence.IsSure(
                traces.FirstOrDefault(trace => trace.Name == node),
                unvouched,
                certainty,
                death
            ),
            Absence.IsVouchedFor(node, traces, certainty, death)
        );
    }

    private IActorRef StartSubmitter() =>
        System.ActorOf(
            SubmitterActor.Props(
                new SubmitterPorts(
                    Settings.Node.Name,
                    () => Region,
                    Allocator,
                    SegmentsAsync,
                    parts.Clock,
                    Settings.Store.WriteWithin,
                    TimeSpan.FromMilliseconds(200),
                    Settings.Gateway.SubmissionsInFlight,
                    new RequestIds(parts.Claims, Questions, Settings.Gateway.AnswerWithin / 2),
                    Settings.Gateway.AnswerWithin
                )
            ),
            ClusterNames.Submitter
        );

    /// <summary>The segments that have unfinished jobs, or that the index does not know whole.</summary>
    private async Task<IReadOnlyList<long>> StaleSegmentsAsync()
    {
        var heads = await parts.Segments.ReadAsync(CancellationToken.None);
        var stale = await Index.Ask<SegmentsStale>(
            new FindStaleSegments(heads),
            Settings.Store.WriteWithin
        );
        return stale.Segments;
    }

    private async Task<IReadOnlyList<long>> SegmentsAsync() =>
        [.. (await parts.Segments.ReadAsync(CancellationToken.None)).Select(head => head.Segment)];

    private Props Kept(Props persistent) =>
        Revival.Props(persistent, Settings.Store.ReadAgainAfter, Settings.Store.WriteWithin);

    private IActorRef StartSingleton(string name, string proxy, Props props)
    {
        StartManager(name, props);
        return Proxy(name, proxy);
    }

    /// <summary>A node that holds no job state has none: its proxies find those of the others.</summary>
    private void StartManager(string name, Props props)
    {
        if (!Settings.Node.Roles.Contains(ClusterNames.Control))
            return;
        System.ActorOf(
            ClusterSingletonManager.Props(
                props,
                PoisonPill.Instance,
                ClusterSingletonManagerSettings
                    .Create(System)
                    .WithSingletonName(name)
                    .WithRole(ClusterNames.Control)
            ),
            name
        );
    }

    private IActorRef Proxy(string name, string proxy) =>
        System.ActorOf(
            ClusterSingletonProxy.Props(
                $"/user/{name}",
                ClusterSingletonProxySettings
                    .Create(System)
                    .WithSingletonName(name)
                    .WithRole(ClusterNames.Control)
            ),
            proxy
        );
}

/// <summary>Which shard and which entity a request goes to.</summary>
public sealed class SegmentExtractor() : HashCodeMessageExtractor(ClusterNames.Shards)
{
    public override string? EntityId(object message) =>
        message is SegmentRequest request
            ? request.Segment.ToString(CultureInfo.InvariantCulture)
            : null;
}
