using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Allocation;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Terminals;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The actors of a node that receive requests.</summary>
/// <param name="IndexQueries">Answers index queries; the answers include everything acknowledged on
/// any node.</param>
/// <param name="Terminals">The terminals in jobs on this node.</param>
internal sealed record NodeActors(
    IActorRef Index,
    IActorRef IndexQueries,
    IActorRef Definitions,
    IActorRef Scheduler,
    IActorRef Region,
    NodeTerminals Terminals,
    IActorRef Agent,
    IActorRef Agents,
    IActorRef Submitter
)
{
    /// <summary>Starts the actors. Each feature needs what the earlier ones return.</summary>
    public static NodeActors Start(NodeServices parts)
    {
        var (system, settings, clock) = (parts.System, parts.Settings, parts.Clock);
        var (node, within) = (settings.Node.Name, settings.Store.WriteWithin);
        var index = IndexFeature.StartIndex(
            system,
            settings.Paths.Index,
            parts.Store.Id,
            settings.Index,
            parts.Meters
        );
        var rebuild = new IndexRebuild(index, new(parts.Store), system.Log, within);
        var stale = IndexFeature.StaleSegments(index, parts.Segments, rebuild.RunAsync, within);
        var allocator = AllocationFeature.Start(system, settings.Store, clock);
        var definitions = EnvironmentsFeature.Start(
            system,
            settings.Definitions,
            settings.Store,
            clock,
            parts.Damage
        );
        var keeper = OutputStoreFeature.StartKeeper(
            system,
            parts.StoredOutputs,
            settings.Paths,
            settings.StoredOutputs,
            clock
        );
        var agents = AgentsFeature.StartRouter(system, node, keeper, parts.Registry is null);
        var scheduler = SchedulingFeature.StartProxy(system);
        var blobs = BlobsFeature.StartKeeper(
            system,
            parts.Blobs,
            settings.Gateway.AnswerWithin,
            settings.Segments.EraseWithin,
            clock
        );
        var region = JobsFeature.StartRegion(
            system,
            scheduler,
            agents,
            index,
            blobs,
            settings.CrashLimit,
            parts.Damage,
            settings.Segments,
            parts.Store,
            clock,
            parts.Meters,
            parts.Spans
        );
        var questions = IndexFeature.StartQueries(
            system,
            settings.Store.Provider,
            QuestionPorts(parts, index, region)
        );
        var terminals = new NodeTerminals(node, settings.Paths.TerminalSocket, clock);
        var agent = AgentsFeature.StartAgent(
            system,
            AgentStart(parts, region, scheduler, keeper, terminals)
        );
        SchedulingFeature.Start(
            system,
            region,
            agents,
            stale,
            new DrainTable(parts.Store, within),
            new LostNodeEvidence(Cluster.Get(system), parts.Registry, settings.Cluster, within),
            settings.Scheduler,
            clock,
            parts.Meters
        );
        IndexFeature.StartRepair(system, region, stale);
        return new(
            index,
            questions,
            definitions,
            scheduler,
            region,
            terminals,
            agent,
            agents,
            SubmissionsFeature.Start(system, SubmitterPorts(parts, region, allocator, questions))
        );
    }

    private static SharedIndexDependencies QuestionPorts(
        NodeServices parts,
        IActorRef index,
        IActorRef region
    ) =>
        new(
            index,
            after => parts.Segments.ReadAsync(after, CancellationToken.None),
            after => parts.Segments.ReadCompactedAsync(after, CancellationToken.None),
            region,
            parts.Settings.Index.PageBytes,
            parts.Settings.Gateway.SegmentsAtOnce,
            parts.Settings.Gateway.AnswerWithin,
            // The segment itself has half of the time.
            parts.Settings.Segments.EraseWithin / 4,
            // A node that does not confirm a commit in time says so; one that stands still for
            // longer is dead to the cluster.
            2 * parts.Settings.Store.WriteWithin
                + parts.Settings.Cluster.DeathTime,
            parts.Clock
        );

    private static AgentStart AgentStart(
        NodeServices parts,
        IActorRef region,
        IActorRef scheduler,
        IActorRef? keeper,
        NodeTerminals terminals
    ) =>
        new()
        {
            Settings = parts.Settings.Agent with { Address = parts.Facts.Address },
            Paths = parts.Settings.Paths,
            Outputs = parts.Settings.Outputs,
            TerminalSettings = parts.Settings.Terminals,
            Executor = parts.Executor,
            AnswerWithin = parts.Settings.Gateway.AnswerWithin / 4,
            Segments = region,
            Scheduler = scheduler,
            Keeper = keeper,
            Terminals = terminals,
            ExecutorFound = pid => parts.Facts.ExecutorPid = pid,
            MembershipStaleness = parts.Heartbeat.Age,
            CertificateUntil = () => parts.Tls.Until,
            Meters = parts.Meters,
            CopyBlob = parts.Blobs.Copier.CopyAsync,
            Clock = parts.Clock,
        };

    private static SubmitterDependencies SubmitterPorts(
        NodeServices parts,
        IActorRef region,
        IActorRef allocator,
        IActorRef questions
    )
    {
        var gateway = parts.Settings.Gateway;
        return new(
            parts.Settings.JidHolder,
            () => region,
            allocator,
            async () =>
                [
                    .. (await parts.Segments.ReadAsync(CancellationToken.None)).Select(head =>
                        head.Segment
                    ),
                ],
            parts.Clock,
            parts.Settings.Store.WriteWithin,
            TimeSpan.FromMilliseconds(200),
            gateway.SubmissionsInFlight,
            new RequestIdClaims(parts.Claims, questions, gateway.AnswerWithin / 2),
            gateway.AnswerWithin
        )
        {
            BindBlobs = (blobs, owner, first, last) =>
                parts.Blobs.Store.BindAsync(blobs, owner, first, last, CancellationToken.None),
        };
    }
}
