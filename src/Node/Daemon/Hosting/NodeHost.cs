using Akka.Actor;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>A running node: what it is made of, in the order of its start.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    private readonly NodeParts _parts;
    private readonly GatewayServer _gateway;
    private readonly HomeLock _lock;

    private NodeHost(NodeParts parts, GatewayServer gateway, HomeLock home) =>
        (_parts, _gateway, _lock, Ended) = (parts, gateway, home, WaitAsync(parts.System));

    public NodeParts Parts => _parts;

    /// <summary>Ends when the node has: what its process should exit with.</summary>
    public Task<int> Ended { get; }

    /// <exception cref="CannotStartException">The home, the store or the socket says no.</exception>
    public static async Task<NodeHost> StartAsync(
        NodeSettings settings,
        NodeLog log,
        CancellationToken cancel
    )
    {
        var clock = TimeProvider.System;
        var facts = new NodeFacts(settings, clock.GetUtcNow());
        var requests = new CurrentRequests(new UnreadyRequests(facts, "starting"));
        var home = HomeLock.Take(settings.Paths);
        GatewayServer? gateway = null;
        ActorSystem? system = null;
        try
        {
            // The door and the actors load much code, and neither needs the other's.
            var opening = Task.Run(
                () => GatewayServer.StartAsync(settings.Gateway, requests, log, cancel),
                cancel
            );
            var store = await NodeStore.OpenAsync(
                settings.Store,
                settings.Paths,
                clock.GetUtcNow(),
                cancel
            );
            facts.Store = store.Description;
            system = NodeSystem.Create(settings, store, log);
            var probing = StoreProbe.WriteAsync(system, cancel);
            await NodeSystem.JoinAsync(system, settings.Cluster, cancel);
            facts.Address = Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();
            await probing;
            gateway = await opening;
            var parts = new NodeParts
            {
                Settings = settings,
                System = system,
                Store = store,
                Segments = new SegmentCatalog(store),
                Facts = facts,
                Log = log,
                Clock = clock,
                Requests = requests,
            };
            requests.Now = NodeRequests.Create(parts, NodeActors.Start(parts));
            log.Write(
                LogLevel.Info,
                "node",
                $"{facts.Name} is up: {facts.Address}, {store.Description}"
            );
            return new NodeHost(parts, gateway, home);
        }
        catch
        {
            if (system is not null)
                await system.Terminate();
            if (gateway is not null)
                await gateway.DisposeAsync();
            home.Dispose();
            throw;
        }
    }

    /// <summary>Ends the node in order: no new requests, no new work, then out of the cluster.</summary>
    public async Task StopAsync()
    {
        _parts.Requests.Now = new UnreadyRequests(_parts.Facts, "ending");
        await _gateway.StopAsync(CancellationToken.None);
        await CoordinatedShutdown.Get(_parts.System).Run(OrdinaryEnd.Instance);
        await _parts.System.WhenTerminated;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _gateway.DisposeAsync();
        _lock.Dispose();
    }

    private static async Task<int> WaitAsync(ActorSystem system)
    {
        await system.WhenTerminated;
        return CoordinatedShutdown.Get(system).ShutdownReason is OrdinaryEnd
            ? ExitCodes.Success
            : ExitCodes.Unexpected;
    }

    private sealed class OrdinaryEnd : CoordinatedShutdown.Reason
    {
        public static readonly OrdinaryEnd Instance = new();

        public override int ExitCode => ExitCodes.Success;
    }
}
