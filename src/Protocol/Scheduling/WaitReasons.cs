using System.Globalization;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Formats the reasons why a job waits.</summary>
internal static class WaitReasons
{
    public static string Of(HoldReason reason, MapAccount map) =>
        reason == HoldReason.MaxParallel
            ? $"its map runs {Count(map.Running, "job")}, which is its max parallel"
            : $"its map had {Count(map.Failures, "failure")} and the rest of it is being killed";

    public static string Retry(long notBefore, long now) =>
        $"it will be retried in {Count((notBefore - now + 999_999) / 1_000_000, "second")}";

    public static string Of(Obstacle obstacle, Demand demand, NodeAccount node) =>
        obstacle switch
        {
            Obstacle.NoOffer => $"node {node.Name} has not reported yet",
            Obstacle.Lost when node.Planned => $"node {node.Name} has left",
            Obstacle.Lost => $"node {node.Name} is lost",
            Obstacle.NotReady => $"node {node.Name} is not ready: {node.NotReady}",
            Obstacle.Draining when node.DrainReason.Length > 0 =>
                $"node {node.Name} is draining: {node.DrainReason}",
            Obstacle.Draining => $"node {node.Name} is draining",
            Obstacle.TooFewCores when node.Cores == 0 =>
                $"node {node.Name} runs no jobs: it does not have the role worker",
            Obstacle.TooFewCores =>
                $"{node.Name} has {Count(node.Cores, "core")}, but the job needs {demand.Cores}",
            Obstacle.TooLittleMemory => $"{node.Name} has {Size(node.Memory)} of memory, "
                + $"but the job needs {Size(node.MemoryOf(demand))}",
            Obstacle.CannotIsolate =>
                $"{node.Name} does not support {Of(demand.Features)}: {node.MissingFeature(demand.Features)}",
            Obstacle.Avoided => $"its last attempt was lost on {node.Name}",
            Obstacle.Reserved => $"{node.Name} is reserved for job {node.ReservedFor?.Head?.First}",
            Obstacle.CoresBusy when node.CoresFree > 0 =>
                $"{node.Name} has {Count(node.CoresFree, "core")} free, "
                    + $"but the job needs {demand.Cores}",
            Obstacle.CoresBusy when node.Cores == 1 => $"the core of {node.Name} is busy",
            Obstacle.CoresBusy => $"all {node.Cores} cores of {node.Name} are busy",
            Obstacle.MemoryBusy =>
                $"{node.Name} has {Size(Math.Max(0, node.MemoryFree))} of memory free, "
                    + $"but the job {Needs(demand, node)}",
            _ when node.RoomNow(demand) > 0 =>
                $"{node.Name} has {Count(node.CoresFree, "core")} free",
            _ => $"{node.Name} can prefetch it",
        };

    /// <summary>One sentence for all nodes together, if none can take the job.</summary>
    public static string Of(IReadOnlyList<(NodeAccount Node, Obstacle Obstacle)> all, Demand demand)
    {
        if (all.Count == 0)
            return "no node has joined yet";
        if (all.Count == 1)
            return Of(all[0].Obstacle, demand, all[0].Node);
        if (all.All(entry => entry.Node.Offer is not null && entry.Node.Cores == 0))
            return "no node runs jobs: none has the role worker";
        if (all.Any(entry => entry.Obstacle == Obstacle.CoresBusy))
            return $"no node has {Count(demand.Cores, "core")} free";
        if (all.Any(entry => entry.Obstacle == Obstacle.MemoryBusy))
            return demand.Memory > 0
                ? $"no node has {Size(demand.Memory)} of memory free"
                : "no node has the memory free that the job counts as (jobcloud explain JID)";
        if (all.FirstOrDefault(entry => entry.Obstacle == Obstacle.Reserved) is { Node: { } kept })
            return Of(Obstacle.Reserved, demand, kept);
        if (all.Any(entry => entry.Obstacle == Obstacle.NotReady))
            return "no node that could run it is ready";
        if (all.Any(entry => entry.Obstacle == Obstacle.Draining))
            return "every node that could run it is draining";
        if (all.Any(entry => entry.Obstacle == Obstacle.TooLittleMemory))
            return all.Any(entry => entry.Node.Cores >= demand.Cores)
                ? $"no node has {Size(demand.Memory)} of memory"
                : $"no node has {Count(demand.Cores, "core")}";
        if (all.Any(entry => entry.Obstacle == Obstacle.TooFewCores))
            return $"no node has {Count(demand.Cores, "core")}";
        if (all.Any(entry => entry.Obstacle == Obstacle.CannotIsolate))
            return $"no node supports {Of(demand.Features)}";
        return "all nodes are lost";
    }

    private static string Needs(Demand demand, NodeAccount node) =>
        demand.Memory > 0
            ? $"needs {Size(demand.Memory)}"
            : $"counts as {Size(node.MemoryOf(demand))}: its share, as it has no --memory";

    private static string Of(NodeFeatures needs) =>
        needs.HasFlag(NodeFeatures.Sandbox) ? "a root file system or volume" : "a private network";

    public static string Count(long number, string what) =>
        number == 1 ? $"1 {what}" : $"{number} {what}s";

    public static string Size(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
            (value, unit) = (value / 1024, unit + 1);
        return $"{value.ToString("0.#", CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
