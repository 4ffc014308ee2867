using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Parameters for starting the agent of a node.</summary>
internal sealed record AgentStart
{
    public required AgentSettings Settings { get; init; }
    public required HomePaths Paths { get; init; }
    public required OutputSettings Outputs { get; init; }
    public required TerminalSettings TerminalSettings { get; init; }

    /// <summary>Creates the connection to the executor.</summary>
    public required Func<IMachine, IExecutor> Executor { get; init; }

    /// <summary>Time limit for the executor's answer to a question.</summary>
    public required TimeSpan AnswerWithin { get; init; }
    public required IActorRef Segments { get; init; }
    public required IActorRef Scheduler { get; init; }

    /// <summary>Null if outputs are not kept in the store.</summary>
    public required IActorRef? Keeper { get; init; }

    /// <summary>The terminals in the jobs of this node.</summary>
    public required NodeTerminals Terminals { get; init; }
    public required Action<int> ExecutorFound { get; init; }

    /// <inheritdoc cref="AgentDependencies.MembershipStaleness"/>
    public required Func<TimeSpan?> MembershipStaleness { get; init; }

    /// <inheritdoc cref="AgentDependencies.CertificateUntil"/>
    public required Func<DateTimeOffset> CertificateUntil { get; init; }
    public required NodeMeters Meters { get; init; }

    /// <inheritdoc cref="AgentDependencies.CopyBlob"/>
    public required Func<BlobRef, string, CancellationToken, Task> CopyBlob { get; init; }
    public required TimeProvider Clock { get; init; }
}

/// <summary>Starts the agent of this node, and the router to the agents of all nodes.</summary>
internal static class AgentsFeature
{
    /// <summary>Starts the router. It finds this node's agent by its path, like those of other
    /// nodes.</summary>
    public static IActorRef StartRouter(
        ActorSystem system,
        string node,
        IActorRef? keeper,
        bool isAlone
    ) =>
        system.ActorOf(
            AgentRouter.Props(
                node,
                system.ActorSelection($"/user/{ClusterNames.Agent}"),
                router => system.ActorOf(ClusterNodes.Props(router), "nodes"),
                keeper,
                isAlone
            ),
            ClusterNames.Agents
        );

    public static IActorRef StartAgent(ActorSystem system, AgentStart start)
    {
        var (paths, clock) = (start.Paths, start.Clock);
        var machine = new LinuxMachine(
            paths,
            () => ExecutorLauncher.Start(paths, Environment.GetCommandLineArgs().Skip(1)),
            clock
        );
        var files = new OutputFileReader(paths);
        var ports = new AgentDependencies
        {
            Executor = start.Executor(machine),
            Machine = machine,
            Segments = start.Segments,
            Scheduler = start.Scheduler,
            Outputs = OutputReader.Props(files, start.Outputs),
            Keeper = start.Keeper,
            Reader = system.ActorOf(
                AttemptReader.Props(files, new(paths), start.Terminals, start.AnswerWithin),
                "reader"
            ),
            Terminals = system.ActorOf(
                TerminalsActor.Props(start.Terminals, start.TerminalSettings),
                "terminals"
            ),
            OnExecutorFound = start.ExecutorFound,
            IsMember = () => Cluster.Get(system).SelfMember.Status == MemberStatus.Up,
            MembershipStaleness = start.MembershipStaleness,
            CertificateUntil = start.CertificateUntil,
            Meters = start.Meters,
            CopyBlob = start.CopyBlob,
            Clock = clock,
        };
        var agent = system.ActorOf(NodeAgentActor.Props(start.Settings, ports), ClusterNames.Agent);
        var kept = new OutputFolders(paths);
        system.ActorOf(RetentionActor.Props(kept, start.Outputs, agent, clock), "retention");
        return agent;
    }
}
