using JobCloud.Node.Daemon.Door;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tokens;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Puts the handlers of requests together, over the clients that they share.</summary>
internal sealed class NodeRequests
{
    private readonly NodeParts _parts;
    private readonly NodeActors _actors;
    private readonly TimeSpan _within;
    private readonly SegmentClient _segments;
    private readonly Selections _selections;
    private readonly Subscriptions _subscriptions;
    private readonly JournalReader _journal;
    private readonly NodesHandler _nodes;
    private readonly ExplainHandler _explanations;
    private readonly DefinitionsHandler _definitions;

    public NodeRequests(NodeParts parts, NodeActors actors)
    {
        var gateway = parts.Settings.Gateway;
        (_parts, _actors, _within) = (parts, actors, gateway.AnswerWithin);
        _segments = new SegmentClient(() => actors.Region, _within, gateway.SegmentsAtOnce);
        _selections = new Selections(actors.Questions, _segments, _within);
        _subscriptions = new Subscriptions(
            parts.System,
            () => actors.Region,
            gateway.SessionAnswersWaiting
        );
        _journal = new JournalReader(parts.Store);
        _nodes = new NodesHandler(actors.Scheduler, _within);
        _explanations = new ExplainHandler(_segments, actors.Scheduler, _within);
        _definitions = new DefinitionsHandler(
            actors.Definitions,
            parts.Settings.Definitions.Fixed,
            _within
        );
    }

    private GatewaySettings Gateway => _parts.Settings.Gateway;

    /// <summary>What the feed asks besides what it is told.</summary>
    public Looks Looks() =>
        new(
            _nodes,
            _segments,
            new AttemptClient(_actors.Agents, stored: null, _within),
            _parts.Settings.Feed.VisibleMost
        );

    public CallHandlers Handlers(TicketHandler tickets) =>
        new()
        {
            Terminals = Terminals(),
            Submissions = Submissions(),
            Statuses = new StatusHandler(_selections, _segments),
            Changes = new ChangeHandler(_selections, _segments),
            Awaits = Awaits(),
            Infos = Infos(),
            Outputs = Outputs(),
            Histories = new EventsHandler(
                _selections,
                _segments,
                _subscriptions,
                _journal,
                Gateway.MaxEvents
            ),
            Explanations = _explanations,
            Lists = new ListHandler(
                _actors.Questions,
                _segments,
                _parts.Clock,
                Gateway.ListLimit,
                Gateway.ListMost,
                _within
            ),
            Cloud = _nodes,
            Definitions = _definitions,
            Facts = _parts.Facts,
            Tickets = tickets,
            Tokens = new TokensHandler(_parts.Tokens, _parts.TokenDesk, _parts.Clock),
        };

    private SubmitHandler Submissions()
    {
        var settings = _parts.Settings;
        var files = settings.Node.Roles.Contains(ClusterNames.Worker) ? new NodeFiles() : null;
        return new SubmitHandler(
            _selections,
            _segments,
            _actors.Submitter,
            new Surroundings(_definitions, _nodes, files),
            settings.Limits,
            _within
        )
        {
            ShellIdleLimit = settings.Terminals.IdleLimit,
        };
    }

    private TerminalHandler Terminals()
    {
        var (node, settings) = (_parts.Settings.Node.Name, _parts.Settings.Terminals);
        return new TerminalHandler(
            node,
            new TerminalWait(_segments, _subscriptions, _explanations),
            new TerminalRoutes(
                node,
                _actors.Terminals,
                _parts.System,
                _actors.Agents,
                settings,
                _within
            ),
            new TerminalHistory(_segments, _parts.Log),
            settings,
            static () => Guid.NewGuid().ToString("N")[..8]
        );
    }

    private AwaitHandler Awaits()
    {
        var ports = new PortReader(_actors.Agents, _within, Gateway.PortWaitLimit);
        return new AwaitHandler(
            _selections,
            _segments,
            _subscriptions,
            new PortWait(_segments, _subscriptions, ports, Gateway.ProgressInterval),
            _parts.Clock,
            Gateway.ProgressInterval
        );
    }

    private InfoHandler Infos() =>
        new(
            _selections,
            _segments,
            new AttemptClient(_actors.Agents, _parts.StoredOutputs, _within),
            _journal,
            _explanations,
            _parts.Clock,
            Gateway.ExplainedJobsMost
        );

    private OutputHandler Outputs() =>
        new(
            _segments,
            _subscriptions,
            new OutputSources(
                _actors.Agents,
                _parts.StoredOutputs,
                Gateway.OutputChunkBytes,
                _within
            )
        );
}
