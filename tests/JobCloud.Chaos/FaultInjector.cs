namespace JobCloud.Chaos;

/// <summary>Injects planned faults into a cloud and repairs them.</summary>
public sealed class FaultInjector(ChaosCloud cloud, TextWriter log)
{
    private static readonly TimeSpan ClockStep = TimeSpan.FromHours(3);
    private readonly StoreKills _kills = new(cloud);

    /// <summary>What faults of the store's contents have submitted and deleted.</summary>
    public StoreKills Kills => _kills;

    public async Task RunAsync(IReadOnlyList<Fault> faults)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var fault in faults)
        {
            if (fault.At > clock.Elapsed)
                await Task.Delay(fault.At - clock.Elapsed);
            await log.WriteLineAsync($"{DateTime.UtcNow:HH:mm:ss.fff} {fault}");
            await log.FlushAsync();
            await InjectAsync(fault);
        }
    }

    private async Task InjectAsync(Fault fault)
    {
        var node = cloud.Nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.KillNode:
                Processes.Signal(node.NodePids, Processes.Kill);
                await Task.Delay(fault.Duration);
                break;
            case FaultKind.KillExecutor:
                Processes.Signal(node.ExecutorPids, Processes.Kill);
                await Task.Delay(fault.Duration);
                break;
            case FaultKind.KillBoth:
                Processes.Signal([.. node.ExecutorPids, .. node.NodePids], Processes.Kill);
                await Task.Delay(fault.Duration);
                node.Start();
                break;
            case FaultKind.LoseMachine:
                node.KillAll();
                await Task.Delay(fault.Duration);
                node.Start();
                break;
            case FaultKind.FreezeNode:
                await FreezeAsync(node.NodePids, fault.Duration);
                break;
            case FaultKind.FreezeMachine:
                await FreezeMachineAsync(node, fault.Duration);
                break;
            case FaultKind.ClockJump:
                await JumpAsync(fault);
                break;
            case FaultKind.KillExecutorInLeave:
                await KillExecutorInLeaveAsync(node, fault.Duration);
                break;
            case FaultKind.StopStore:
            case FaultKind.LongOutage:
                cloud.Store.Stop();
                await Task.Delay(fault.Duration);
                cloud.Store.Restart();
                break;
            case FaultKind.RestartStore:
                cloud.Store.Stop();
                cloud.Store.Restart();
                break;
            case FaultKind.DropConnections:
                cloud.Store.DropConnections();
                break;
            case FaultKind.FillStore:
                cloud.Store.Fill();
                await Task.Delay(fault.Duration);
                cloud.Store.FreeDisk();
                break;
            case var kind when StoreKills.Are(kind):
                await _kills.InjectAsync(kind, fault.Node, fault.Duration);
                break;
            default:
                Disconnect(cloud.Network!, fault.Kind, fault.Node);
                await Task.Delay(fault.Duration);
                cloud.Network!.Repair();
                break;
        }
    }

    private static void Disconnect(Network network, FaultKind kind, int node)
    {
        if (kind is FaultKind.CutOff or FaultKind.CutFromStore or FaultKind.LongCutFromStore)
            network.Cut(node, Network.Store);
        if (kind is FaultKind.CutOff or FaultKind.CutFromNodes)
            foreach (var other in network.Others(node))
                network.Cut(node, other);
        if (kind is FaultKind.CutPair)
            network.Cut(node, network.Others(node).First());
        if (kind is FaultKind.Deaf)
            foreach (var other in network.Others(node))
                network.Lose(other, node);
        if (kind is FaultKind.Mute)
            foreach (var other in network.Others(node))
                network.Lose(node, other);
        if (kind is FaultKind.SlowLink)
            network.Slow(node);
    }

    private static async Task FreezeAsync(
        IReadOnlyList<int> pids,
        TimeSpan lasts,
        IReadOnlyList<int>? thawed = null
    )
    {
        Processes.Signal(pids, Processes.Stop);
        await Task.Delay(lasts);
        Processes.Signal(thawed ?? pids, Processes.Continue);
    }

    // Nobody starts the node again but its guard.
    private static async Task KillExecutorInLeaveAsync(ChaosNode node, TimeSpan frozen)
    {
        var pids = node.NodePids;
        await FreezeAsync(pids, frozen);
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        Processes.Signal(node.ExecutorPids, Processes.Kill);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Processes.Signal(pids, Processes.Kill);
    }

    // If all processes continued at once, jobs would run for the moment that their executor needs
    // to kill them.
    private static async Task FreezeMachineAsync(ChaosNode node, TimeSpan lasts)
    {
        var all = node.All.Keys.ToArray();
        var executors = node.ExecutorPids;
        await FreezeAsync(all, lasts - TimeSpan.FromSeconds(0.5), executors);
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        Processes.Signal(all, Processes.Continue);
    }

    // Sets the clock forward, then back past the true time, then right.
    private async Task JumpAsync(Fault fault)
    {
        foreach (var offset in new[] { ClockStep, -ClockStep, TimeSpan.Zero })
        {
            cloud.Clock!.Set(fault.Node, offset);
            await Task.Delay(fault.Duration / 3);
        }
    }
}
