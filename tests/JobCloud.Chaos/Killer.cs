using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Does faults to a cloud, each at its time, and mends them.</summary>
public sealed class Killer(IReadOnlyList<ChaosNode> nodes, PostgreSql store, TextWriter log)
{
    public async Task RunAsync(IReadOnlyList<Fault> faults)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var fault in faults)
        {
            if (fault.At > clock.Elapsed)
                await Task.Delay(fault.At - clock.Elapsed);
            await log.WriteLineAsync($"{DateTime.UtcNow:HH:mm:ss.fff} {fault}");
            await DoAsync(fault);
        }
    }

    private async Task DoAsync(Fault fault)
    {
        var node = nodes[fault.Node];
        switch (fault.Kind)
        {
            case FaultKind.KillNode:
                Processes.Signal(node.NodePids, Processes.Kill);
                await Task.Delay(fault.Lasts);
                break;
            case FaultKind.KillExecutor:
                Processes.Signal(node.ExecutorPids, Processes.Kill);
                await Task.Delay(fault.Lasts);
                break;
            case FaultKind.KillBoth:
                Processes.Signal([.. node.ExecutorPids, .. node.NodePids], Processes.Kill);
                await Task.Delay(fault.Lasts);
                node.Start();
                break;
            case FaultKind.LoseMachine:
                // What a process starts while the others are killed is killed at the next look.
                for (var all = node.All; all.Count > 0; all = node.All)
                    Processes.Signal(all.Keys, Processes.Kill);
                await Task.Delay(fault.Lasts);
                node.Start();
                break;
            case FaultKind.FreezeNode:
                await FreezeAsync(node.NodePids, fault.Lasts);
                break;
            case FaultKind.FreezeMachine:
                await FreezeMachineAsync(node, fault.Lasts);
                break;
            case FaultKind.StopStore:
                store.Stop();
                await Task.Delay(fault.Lasts);
                store.StartAgain();
                break;
        }
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

    // Where all goes on at the same instant, jobs do for the moment that their executor takes to kill them.
    private static async Task FreezeMachineAsync(ChaosNode node, TimeSpan lasts)
    {
        var all = node.All.Keys.ToArray();
        var executors = node.ExecutorPids;
        await FreezeAsync(all, lasts - TimeSpan.FromSeconds(0.5), executors);
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        Processes.Signal(all, Processes.Continue);
    }
}
