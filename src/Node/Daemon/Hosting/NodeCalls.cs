using Google.Protobuf;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.ClientGateway;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The calls of a node, their handlers, and the clients that the handlers share.</summary>
internal sealed class NodeCalls
{
    /// <summary>Maximum size of an output chunk. Small chunks let other traffic pass between nodes
    /// (frames hold 128,000 bytes).</summary>
    private const int OutputChunkBytes = 16 << 10;

    /// <summary>Shortest time between two progress messages to a client that waits for
    /// jobs.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Maximum number of past events sent to one client, the newest. The journal holds
    /// them all.</summary>
    private const int MaxEvents = 100_000;

    /// <summary>Rows of <c>ls</c> if the request gives no limit.</summary>
    private const int ListLimit = 50;

    /// <summary>Maximum number of rows of <c>ls</c>, and of rows examined for a query that
    /// sorts.</summary>
    private const int MaxListRows = 100_000;

    /// <summary>Time limit of one question to a node about an awaited port. The gateway then
    /// repeats it, so that questions of disconnected clients end.</summary>
    private static readonly TimeSpan PortWaitLimit = TimeSpan.FromSeconds(10);

    /// <summary>Maximum number of waiting jobs per segment that <c>info</c> asks the scheduler
    /// about: for each, the scheduler checks all nodes.</summary>
    private const int MaxExplainedJobs = 100;

    private readonly NodeServices _parts;
    private readonly NodeActors _actors;
    private readonly TimeSpan _within;
    private readonly SegmentClient _segments;
    private readonly Selections _selections;
    private readonly Subscriptions _subscriptions;
    private readonly FollowAdmission _admission;
    private readonly RequestMemory _memory;
    private readonly int _maxMessage;
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
        _admission = new FollowAdmission(_segments, gateway.SegmentsFollowedMax);
        _memory = new RequestMemory(gateway.MemoryPerUser, _within);
        _maxMessage = gateway.MaxMessageBytes;
        _journal = new JournalReader(parts.Store);
        _nodes = new NodesHandler(actors.Scheduler, _within);
        _explanations = new ExplainHandler(_segments, actors.Scheduler, _within);
        _definitions = new DefinitionsHandler(
            actors.Definitions,
            parts.Settings.Definitions.Fixed,
            _within
        );
    }

    /// <summary>The requests with which the feed adds what is not pushed to it.</summary>
    public FeedPoller FeedPoller() =>
        new(
            _nodes,
            _segments,
            new AttemptDetailClient(_actors.Agents, stored: null, _within),
            FeedLimits.Visible
        );

    /// <summary>Starts what purges old jobs, unless all are kept.</summary>
    public void StartRetention()
    {
        var settings = _parts.Settings.Retention;
        if (settings.Limits.IsOn)
            _parts.System.ActorOf(
                RetentionSweeper.Props(
                    new(_actors.IndexQueries, _segments, settings, _within, _parts.Clock)
                ),
                "job-retention"
            );
    }

    /// <summary>Finds the jobs of the processes that connect to this node's socket.</summary>
    public JobsOfPeers JobsOfPeers() =>
        new(_actors.Agent, _segments, _parts.Settings.Agent.Limits.RunAs, _within / 4);

    /// <summary>The calls of a node that is starting or stopping: its status and its
    /// settings.</summary>
    public static CallTable NotReady(NodeFacts facts, string state) => Table(facts, state, false);

    /// <summary>The calls of a ready node: all in the catalogue.</summary>
    public CallTable Ready(TicketHandler tickets)
    {
        var table = Table(_parts.Facts, "ready", true);
        var submissions = Submissions();
        table.AddUnary(CloudCalls.Submit, submissions.SubmitAsync);
        table.AddUnary(CloudCalls.SubmitList, submissions.SubmitListAsync);
        AddBlobs(table);
        table.AddUnary(CloudCalls.Status, Statuses().StatusAsync);
        table.AddStreaming(CloudCalls.Await, Awaits().AwaitAsync);
        table.AddStreaming(CloudCalls.Info, Infos().InfoAsync);
        var outputs = Outputs();
        table.AddStreaming(CloudCalls.Output, outputs.OutputAsync);
        table.AddStreaming(CloudCalls.Search, new SearchHandler(outputs.OutputAsync).SearchAsync);
        table.AddStreaming(CloudCalls.Files, Files().FilesAsync);
        table.AddStreaming(CloudCalls.Events, Histories().EventsAsync);
        table.AddUnary(CloudCalls.List, Lists().ListAsync);
        table.AddUnary(CloudCalls.Map, Maps().MapAsync);
        table.AddUnary(CloudCalls.Activity, Activities().ActivityAsync);
        table.AddUnary(CloudCalls.Explain, (r, by, _) => _explanations.ExplainAsync(r, by));
        table.AddUnary(CloudCalls.Forecast, Forecasts().ForecastAsync);
        AddChanges(table);
        table.AddUnary(CloudCalls.Nodes, (_, _, cancel) => _nodes.NodesAsync(cancel));
        table.AddUnary(CloudCalls.Drain, _nodes.DrainAsync);
        table.AddUnary(CloudCalls.Definitions, _definitions.ShowAsync);
        table.AddUnary(CloudCalls.Define, _definitions.DefineAsync);
        table.AddUnary(CloudCalls.Undefine, _definitions.UndefineAsync);
        AddTokens(table);
        AddDenials(table);
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

    private void AddBlobs(CallTable table)
    {
        var (store, uploads, _, _) = _parts.Blobs;
        var blobs = new BlobsHandler(store, uploads, _parts.Settings.Limits);
        table.AddUnary(CloudCalls.FindBlobs, blobs.FindAsync);
        table.AddUnary(CloudCalls.PutBlob, blobs.PutAsync);
        table.Receiver = blobs.ReceiveAsync;
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
        var purges = new PurgeHandler(Lists(), _segments);
        table.AddUnary(CloudCalls.Purge, purges.PurgeAsync);
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
        var settings = _parts.Settings;
        var tokens = new TokensHandler(
            _parts.Tokens,
            _parts.TokenAuthenticator,
            _parts.Clock,
            token => MachineAccounts.NoteOn(token, settings)
        );
        table.AddUnary(CloudCalls.Tokens, (_, _, cancel) => tokens.ListAsync(cancel));
        table.AddUnary(CloudCalls.CreateToken, tokens.CreateAsync);
        table.AddUnary(CloudCalls.RevokeToken, (r, _, cancel) => tokens.RevokeAsync(r, cancel));
    }

    private void AddDenials(CallTable table)
    {
        var denials = new DenialsHandler(
            _parts.Denials,
            _parts.Settings.Node.Name,
            () => _parts.TlsWatch.ReadDenialsAsync(CancellationToken.None),
            _parts.Log,
            _parts.Clock
        );
        table.AddUnary(CloudCalls.Denials, (_, _, cancel) => denials.ListAsync(cancel));
        table.AddUnary(CloudCalls.Deny, denials.ChangeAsync);
    }

    private StatusHandler Statuses() =>
        new(
            _selections,
            _segments,
            new MapSlices(_actors.IndexQueries, _within),
            _memory,
            _maxMessage
        );

    private EventsHandler Histories() =>
        new(_selections, _segments, _subscriptions, _journal, MaxEvents, _admission, _memory);

    private ListHandler Lists() =>
        new(
            _selections,
            _actors.IndexQueries,
            _segments,
            _parts.Clock,
            ListLimit,
            MaxListRows,
            _within,
            _memory,
            _maxMessage
        );

    private MapHandler Maps() =>
        new(_actors.IndexQueries, _segments, _parts.Clock, _within, _memory, _maxMessage);

    private ActivityHandler Activities() => new(_actors.IndexQueries, _segments, _within, _memory);

    private ForecastHandler Forecasts() =>
        new(_actors.IndexQueries, _segments, _actors.Scheduler, _parts.Clock, _within, _memory);

    private SubmitHandler Submissions()
    {
        var settings = _parts.Settings;
        var files = settings.Node.Roles.Contains(ClusterNames.Worker) ? new NodeFiles() : null;
        return new SubmitHandler(
            _selections,
            _segments,
            _actors.Submitter,
            new EnvironmentResolver(_definitions, _nodes, files),
            new CapacityChecker(settings.Agent.Capacity, _nodes.NodesAsync),
            settings.Limits,
            _within,
            settings.Gateway.SegmentsFollowedMax
        )
        {
            ShellIdleLimit = settings.Terminals.IdleLimit,
            Keep = _parts.Blobs.Store.KeepAsync,
            Accounts = settings.Gateway.Accounts,
            OwnDirectories = RealPathOf(settings.Paths.Attempts),
        };
    }

    // A process gets its directory without links.
    private static string RealPathOf(string path) =>
        RootedPath.Resolve("/", path, new NodeFiles()) ?? path;

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
        var ports = new PortClient(_actors.Agents, _within, PortWaitLimit);
        return new AwaitHandler(
            _selections,
            _segments,
            _subscriptions,
            new PortWaiter(_segments, _subscriptions, ports, ProgressInterval),
            _explanations,
            _parts.Clock,
            ProgressInterval,
            _parts.Settings.Gateway.DeadlockAfter,
            _admission
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
            _memory,
            MaxExplainedJobs
        );

    private FilesHandler Files() => new(_segments, _actors.Agents, _within);

    private OutputHandler Outputs() =>
        new(
            _segments,
            _subscriptions,
            new OutputSources(_actors.Agents, _parts.StoredOutputs, OutputChunkBytes, _within)
        );
}
