using Google.Protobuf;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.ClientGateway;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The calls of a node, their handlers, and the clients that the handlers share.</summary>
internal sealed class NodeCalls
{
    private readonly NodeServices _parts;
    private readonly NodeActors _actors;
    private readonly TimeSpan _within;
    private readonly SegmentClient _segments;
    private readonly Selections _selections;
    private readonly Subscriptions _subscriptions;
    private readonly JournalReader _journal;
    private readonly NodesHandler _nodes;
    private readonly ExplainHandler _explanations;
    private readonly DefinitionsHandler _definitions;

    public NodeCalls(NodeServices parts, NodeActors actors)
    {
        var gateway = parts.Settings.Gateway;
        (_parts, _actors, _within) = (parts, actors, gateway.AnswerWithin);
        _segments = new SegmentClient(() => actors.Region, _within, gateway.SegmentsAtOnce);
        _selections = new Selections(actors.IndexQueries, _segments, _within);
        _subscriptions = new Subscriptions(
            parts.System,
            () => actors.Region,
            gateway.SessionRepliesWaiting
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

    /// <summary>The requests with which the feed adds what is not pushed to it.</summary>
    public FeedPoller FeedPoller() =>
        new(
            _nodes,
            _segments,
            new AttemptDetailClient(_actors.Agents, stored: null, _within),
            _parts.Settings.Feed.MaxVisible
        );

    /// <summary>The calls of a node that is starting or stopping: its status and its
    /// settings.</summary>
    public static CallTable NotReady(NodeFacts facts, string state) => Table(facts, state, false);

    /// <summary>The calls of a ready node: all in the catalogue.</summary>
    public CallTable Ready(TicketHandler tickets)
    {
        var table = Table(_parts.Facts, "ready", true);
        table.AddUnary(CloudCalls.Submit, Submissions().SubmitAsync);
        table.AddUnary(CloudCalls.Status, new StatusHandler(_selections, _segments).StatusAsync);
        table.AddStreaming(CloudCalls.Await, Awaits().AwaitAsync);
        table.AddStreaming(CloudCalls.Info, Infos().InfoAsync);
        table.AddStreaming(CloudCalls.Output, Outputs().OutputAsync);
        table.AddStreaming(CloudCalls.Events, Histories().EventsAsync);
        table.AddUnary(CloudCalls.List, Lists().ListAsync);
        table.AddUnary(CloudCalls.Explain, (r, by, _) => _explanations.ExplainAsync(r, by));
        AddChanges(table);
        table.AddUnary(CloudCalls.Nodes, (_, _, cancel) => _nodes.NodesAsync(cancel));
        table.AddUnary(CloudCalls.Drain, _nodes.DrainAsync);
        table.AddUnary(CloudCalls.Definitions, (r, _, cancel) => _definitions.ReadAsync(r, cancel));
        table.AddUnary(CloudCalls.Define, _definitions.DefineAsync);
        table.AddUnary(CloudCalls.Undefine, _definitions.UndefineAsync);
        AddTokens(table);
        table.AddUnary(CloudCalls.Ticket, (_, by) => tickets.Issue(by));
        table.Terminal = Terminals().ServeAsync;
        return table;
    }

    private static CallTable Table(NodeFacts facts, string state, bool ready)
    {
        var table = new CallTable(
            Refusals.Of(RefusalCode.Busy, $"Node {facts.Name} is {state}; try again in a moment.")
        );
        table.AddUnary(CloudCalls.NodeStatus, (_, _) => facts.Status(ready));
        table.AddUnary(CloudCalls.Config, (_, _) => facts.Config());
        return table;
    }

    private void AddChanges(CallTable table)
    {
        var changes = new ChangeHandler(_selections, _segments);
        Add(
            CloudCalls.Kill,
            r => r.Jobs,
            r => new ChangeJobs { Change = Change.Kill, GraceMs = r.GraceMs }
        );
        Add(CloudCalls.Delete, r => r.Jobs, _ => new ChangeJobs { Change = Change.Delete });
        Add(CloudCalls.Retry, r => r.Jobs, _ => new ChangeJobs { Change = Change.Retry });
        Add(
            CloudCalls.Prioritize,
            r => r.Jobs,
            r => new ChangeJobs { Change = Change.Priority, Priority = r.Priority }
        );

        void Add<T>(Call<T, ChangeReply> call, Func<T, Selection> jobs, Func<T, ChangeJobs> change)
            where T : class, IMessage<T> =>
            table.AddUnary(
                call,
                (r, by, cancel) => changes.ChangeAsync(jobs(r), change(r), by, cancel)
            );
    }

    private void AddTokens(CallTable table)
    {
        var tokens = new TokensHandler(_parts.Tokens, _parts.TokenAuthenticator, _parts.Clock);
        table.AddUnary(CloudCalls.Tokens, (_, _, cancel) => tokens.ListAsync(cancel));
        table.AddUnary(CloudCalls.CreateToken, tokens.CreateAsync);
        table.AddUnary(CloudCalls.RevokeToken, (r, _, cancel) => tokens.RevokeAsync(r, cancel));
    }

    private EventsHandler Histories() =>
        new(_selections, _segments, _subscriptions, _journal, Gateway.MaxEvents);

    private ListHandler Lists() =>
        new(
            _actors.IndexQueries,
            _segments,
            _parts.Clock,
            Gateway.ListLimit,
            Gateway.MaxListRows,
            _within
        );

    private SubmitHandler Submissions()
    {
        var settings = _parts.Settings;
        var files = settings.Node.Roles.Contains(ClusterNames.Worker) ? new NodeFiles() : null;
        return new SubmitHandler(
            _selections,
            _segments,
            _actors.Submitter,
            new EnvironmentResolver(_definitions, _nodes, files),
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
            new TerminalWaiter(_segments, _subscriptions, _explanations),
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
        var ports = new PortClient(_actors.Agents, _within, Gateway.PortWaitLimit);
        return new AwaitHandler(
            _selections,
            _segments,
            _subscriptions,
            new PortWaiter(_segments, _subscriptions, ports, Gateway.ProgressInterval),
            _parts.Clock,
            Gateway.ProgressInterval
        );
    }

    private InfoHandler Infos() =>
        new(
            _selections,
            _segments,
            new AttemptDetailClient(_actors.Agents, _parts.StoredOutputs, _within),
            _journal,
            _explanations,
            _parts.Clock,
            Gateway.MaxExplainedJobs
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
