using System.Data.Common;
using Akka.Actor;
using JobCloud.Node.Daemon.AccessTokens;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.ClientGateway;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Protocol.Access;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>A running node; starts its parts in order and stops them.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private readonly NodeSettings _settings;
    private readonly NodeLog _log;
    private readonly TimeProvider _clock;
    private readonly HomeLock _home;
    private readonly Task<NodeTls> _tls;
    private readonly NodeFacts _facts;
    private readonly StoreDamage _damage;
    private readonly Dispatcher _calls;
    private readonly TokenAuthenticator _tokens;
    private readonly PeerIdentifier _peers;
    private readonly NodeTelemetry _telemetry;
    private readonly Task<GatewayServer> _gateway;
    private ActorSystem? _system;
    private MembershipHeartbeat? _standing;
    private NodeHandover? _departing;
    private ClaimStore? _claims;
    private MemoryReturn? _memory;
    private TlsWatch? _tlsWatch;

    private NodeHost(
        NodeSettings settings,
        NodeLog log,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        (_settings, _log, _clock) = (settings, log, clock);
        _home = HomeLock.Acquire(settings.Paths);
        NodeNameFile.Keep(settings.Paths, settings.Node.Names);
        // Reading the certificates loads OpenSSL: the store is opened meanwhile.
        _tls = Task.Run(
            () =>
                new NodeTls(
                    Files(clock.GetUtcNow()),
                    settings.Tls.Clients,
                    bindsNames: settings.Store.Provider != StoreProvider.Sqlite,
                    log,
                    clock
                ),
            CancellationToken.None
        );
        _facts = new NodeFacts(
            settings.Node.Name,
            settings.Agent.FenceAfter,
            settings.Listing,
            clock.GetUtcNow()
        )
        {
            MessageMaxBytes = settings.Gateway.MaxMessageBytes,
        };
        _telemetry = new NodeTelemetry(settings, _facts);
        _damage = new StoreDamage(NodeStore.PlaceOf(settings.Store, settings.Paths), log);
        _calls = new Dispatcher(
            NodeCalls.NotReady(_facts, "starting"),
            new RequestErrorMapper(log, _damage)
        )
        {
            Meters = _telemetry.Meters,
        };
        _tokens = new(clock, settings.Tcp.TokenAge) { Meters = _telemetry.Meters };
        _peers = new PeerIdentifier(settings.Paths);
        var descriptors = DescriptorLimit.Raise();
        OpenConnections Connections(string label, string endpoint, int wanted) =>
            _telemetry.Watch(label, new(endpoint, ConnectionLimits.Of(wanted, descriptors), log));
        // The gateway and the actors load much code, and neither needs the other's: start both at
        // once.
        _gateway = Task.Run(
            async () =>
                await GatewayServer.StartAsync(
                    settings.Gateway,
                    _calls,
                    _peers,
                    Connections("socket", "The socket", settings.Gateway.ConnectionsMax),
                    cancel,
                    settings.Tcp.Address is null
                        ? null
                        : new TcpEndpoint(
                            settings.Tcp,
                            await _tls,
                            _tokens,
                            Connections("tcp", "The TCP endpoint", settings.Tcp.ConnectionsMax)
                        ),
                    _telemetry.Collector
                ),
            CancellationToken.None
        );
    }

    public ActorSystem System =>
        _system ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>Answers the calls of all endpoints.</summary>
    public Dispatcher Calls => _calls;

    /// <summary>Completes when the node has stopped, with the exit code for its process.</summary>
    public Task<int> Ended => NodeEnds.WaitAsync(System);

    /// <param name="executor">Creates the connection to the executor; null: the executor of this
    /// home.</param>
    /// <exception cref="CannotStartException">The home, the store or the socket cannot be
    /// used.</exception>
    public static async Task<NodeHost> StartAsync(
        NodeSettings settings,
        NodeLog log,
        CancellationToken cancel,
        Func<IMachine, IExecutor>? executor = null
    )
    {
        var node = new NodeHost(settings, log, TimeProvider.System, cancel);
        try
        {
            await node.StartAsync(executor, cancel);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync(Func<IMachine, IExecutor>? executor, CancellationToken cancel)
    {
        _telemetry.StartSpans(_settings, _log, _clock);
        await _telemetry.StartEndpointAsync(_settings.Metrics, () => _calls.IsReady, cancel);
        var store = await StoreStart.OpenAsync(_settings, _log, _clock.GetUtcNow(), cancel);
        var provider = _settings.Store.Provider;
        if (provider == StoreProvider.PostgreSql)
            _telemetry.Watch(new DatabaseSize(store, _clock), _settings.Paths);
        var outputs = _settings.StoredOutputs.On
            ? await OutputStore.OpenAsync(provider, store, _settings.Paths, cancel)
            : null;
        var registry = provider == StoreProvider.PostgreSql ? new NodeRegistry(store) : null;
        var denials = new DenialStore(store);
        var watch = _tlsWatch = await WatchTlsAsync(denials, registry is not null, cancel);
        _system = NodeSystem.Create(_settings, await _tls, store, _log, registry);
        var probing = StoreProbe.WriteAsync(
            _system,
            store,
            _settings.Node.Name,
            _settings.Store.WriteWithin,
            _clock,
            cancel
        );
        await StartLimit.WithinAsync(
            JoinAndServeAsync(),
            _system.WhenTerminated,
            _settings.Cluster.ServeWithin,
            _clock,
            cancel
        );

        async Task JoinAndServeAsync()
        {
            var self = await JoinAsync(_system, registry, cancel);
            if (registry is not null)
                _claims = await OpenClaimsAsync(store, self, cancel);
            _facts.Store = store.Description;
            await probing;
            await _gateway;
            Serve(
                new NodeServices
                {
                    Settings = _settings,
                    System = _system,
                    Store = store,
                    Damage = _damage,
                    Registry = registry,
                    Heartbeat = _standing!,
                    Claims = _claims,
                    Blobs = BlobServices.Open(
                        _settings.Blobs,
                        store,
                        provider,
                        _settings.Paths,
                        _settings.Agent.Limits.DiskReserveBytes,
                        _clock
                    ),
                    StoredOutputs = outputs,
                    Segments = new SegmentCatalog(store),
                    Facts = _facts,
                    Log = _log,
                    Meters = _telemetry.Meters,
                    Spans = _telemetry.Spans,
                    Clock = _clock,
                    Tokens = new TokenStore(store),
                    TokenAuthenticator = _tokens,
                    Tls = await _tls,
                    TlsWatch = watch,
                    Denials = denials,
                    Executor =
                        executor
                        ?? (machine => new ExecutorConnection(_settings.Executor, machine, _clock)),
                }
            );
        }
    }

    private async Task<NodeIdentity> JoinAsync(
        ActorSystem system,
        NodeRegistry? registry,
        CancellationToken cancel
    )
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        _facts.Address = cluster.SelfAddress.ToString();
        var self = new NodeIdentity(
            _settings.Node.Name,
            _facts.Address,
            cluster.SelfUniqueAddress.Uid,
            _settings.Node.Roles
        )
        {
            Home = HomeId.ReadOrCreate(_settings.Paths),
            Place = HomePlace.Of(_settings.Paths),
        };
        await Joining.JoinAsync(cluster, registry, self, _settings.Cluster, _clock, cancel);
        if (registry is not null)
            await StoreIdentityCheck.CheckAsync(cluster, registry, self, cancel);
        _standing = await MembershipHeartbeat.StartAsync(
            cluster,
            registry,
            self,
            _settings.Cluster,
            _log,
            _clock
        );
        return self;
    }

    private async Task<ClaimStore> OpenClaimsAsync(
        NodeStore store,
        NodeIdentity self,
        CancellationToken cancel
    )
    {
        var within = _settings.Gateway.AnswerWithin + 2 * _settings.Store.WriteWithin;
        var table = new ClaimTable(store, self, within);
        await table.OpenAsync(cancel);
        return new ClaimStore(table, _log);
    }

    /// <summary>Starts the actors and makes every call available at the gateway's
    /// endpoints.</summary>
    private void Serve(NodeServices parts)
    {
        _tokens.SetStore(parts.Tokens);
        _facts.CertificateUntil = () => parts.Tls.Until;
        var actors = NodeActors.Start(parts);
        var calls = new NodeCalls(parts, actors);
        _peers.SetJobs(calls.JobsOfPeers());
        var tickets = ClientGatewayFeature.Start(
            parts.System,
            actors.Index,
            calls.FeedPoller(),
            _calls,
            _facts,
            _settings.ClientGateway,
            _settings.Feed,
            _settings.Tls.Clients,
            new TicketTokens(_tokens.ReadAsync, _settings.Tcp.TokenAge),
            _clock
        );
        _calls.Use(calls.Ready(tickets));
        calls.StartRetention();
        _departing = new NodeHandover(
            Akka.Cluster.Cluster.Get(parts.System),
            actors.Agent,
            _settings.StopWait
        );
        _facts.StopWait = () => _departing.Wait;
        _memory = new MemoryReturn(_settings.Memory, _clock);
        parts.TlsWatch.Start(
            _settings.Tls.Refresh,
            parts.System.ActorOf(DeniedMembersActor.Props(_log), "denied"),
            reason => StopDenied(parts.System, reason)
        );
        _log.Write(
            LogLevel.Info,
            "node",
            $"{_facts.Name} is up: {_facts.Address}, {parts.Store.Description}"
        );
    }

    /// <summary>Stops a node of a cluster: its jobs run on for a while and are then handed over to
    /// other nodes; until then it serves requests.</summary>
    /// <param name="hurry">Cancels the wait.</param>
    public async Task LeaveAsync(CancellationToken hurry)
    {
        if (_departing is { } departing)
            await departing.HandOverAsync(hurry);
        await StopAsync();
    }

    /// <summary>Stops the node in order: refuses requests, stops the actors, leaves the
    /// cluster.</summary>
    public async Task StopAsync()
    {
        _calls.Use(NodeCalls.NotReady(_facts, "stopping"));
        if (_gateway.IsCompletedSuccessfully)
            await (await _gateway).StopAsync(CancellationToken.None);
        if (Interlocked.Exchange(ref _tlsWatch, null) is { } watch)
            await watch.DisposeAsync();
        if (_system is null)
            return;
        await CoordinatedShutdown.Get(_system).Run(NodeEnds.Ordinary.Instance);
        await _system.WhenTerminated;
        if (Interlocked.Exchange(ref _claims, null) is { } claims)
            await claims.DisposeAsync();
        if (Interlocked.Exchange(ref _standing, null) is { } standing)
            await standing.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_gateway, _tls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
        _memory?.Dispose();
        await _telemetry.DisposeAsync();
        if (_gateway.IsCompletedSuccessfully)
            await (await _gateway).DisposeAsync();
        _home.Dispose();
    }

    private TlsFiles Files(DateTimeOffset now) =>
        _settings.Store.Provider == StoreProvider.Sqlite
            ? TlsFiles.OfSingleNode(_settings.Tls.Paths, _settings.Paths, _settings.Node.Name, now)
            : TlsFiles.OfClusterNode(_settings.Tls.Paths, _settings.Node.Name, now);

    /// <summary>What follows the deny list and the certificates. A denied node of a cluster does
    /// not start.</summary>
    private async Task<TlsWatch> WatchTlsAsync(
        DenialStore denials,
        bool isShared,
        CancellationToken cancel
    )
    {
        var (tls, node) = (await _tls, _settings.Node.Name);
        var files = new TlsFileWatch(_settings.Tls.Paths, node, Files, tls, _log);
        var watch = new TlsWatch(tls, denials, files, node, _log, _clock);
        if (!isShared)
            return watch;
        try
        {
            await watch.ReadDenialsAsync(cancel);
        }
        catch (DbException e)
        {
            throw new CannotStartException($"The store became unavailable: {e.Message}");
        }
        return tls.DenialOf(node) is { Length: > 0 } reason
            ? throw new CannotStartException(Denied(reason))
            : watch;
    }

    private void StopDenied(ActorSystem system, string reason)
    {
        _log.Write(LogLevel.Error, "tls", $"The node stops: {Denied(reason)}");
        _ = CoordinatedShutdown.Get(system).Run(NodeEnds.Denied.Instance);
    }

    private string Denied(string reason) =>
        $"{reason}; if it may return, an admin takes it off with 'jobcloud ca unrevoke {_settings.Node.Name}'.";
}
