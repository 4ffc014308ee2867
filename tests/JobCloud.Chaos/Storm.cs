using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>What happens to one process of a node in a fault of a storm.</summary>
public enum Blow
{
    None,
    Kill,

    /// <summary>SIGSTOP, never followed by SIGCONT from outside.</summary>
    Stop,
}

/// <summary>A fault of a storm: the blows in the order in which they come.</summary>
/// <param name="Pause">The time between two of them.</param>
public sealed record StormFault(Blow Guard, Blow Executor, Blow Node, int Order, TimeSpan Pause)
{
    /// <summary>Whether nothing is left that could start or continue the others: then only an
    /// operator can.</summary>
    public bool IsTotal => Guard != Blow.None && Executor != Blow.None && Node != Blow.None;

    /// <summary>All combinations in a shuffled order, again and again.</summary>
    public static IReadOnlyList<StormFault> Plan(int seed, int count)
    {
        var random = new Random(seed);
        var blows = Enum.GetValues<Blow>();
        var all = (
            from guard in blows
            from executor in blows
            from node in blows
            where (guard, executor, node) != default
            select (guard, executor, node)
        ).ToArray();
        var plan = new List<StormFault>();
        while (plan.Count < count)
        {
            random.Shuffle(all);
            plan.AddRange(
                all.Take(count - plan.Count)
                    .Select(one => new StormFault(
                        one.guard,
                        one.executor,
                        one.node,
                        random.Next(6),
                        TimeSpan.FromMilliseconds(random.Next(3) * 500)
                    ))
            );
        }
        return plan;
    }
}

/// <summary>Kills and stops the guard, the executor and the node of one cloud under load, in every
/// combination. After each fault the node must answer again, with one process of each.</summary>
public sealed class Storm(string programs, TextWriter log) : IDisposable
{
    /// <summary>A node is down for good when it has neither answered nor started or ended a
    /// process for this long. How long it takes in all depends on the machine.</summary>
    private static readonly TimeSpan StillLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan EffectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private static readonly int[][] Orders =
    [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-storm-").FullName;

    public async Task<ChaosResult> RunAsync(IReadOnlyList<StormFault> faults, double jobsPerSecond)
    {
        using var node = ChaosNode.Single(_folder, programs);
        try
        {
            node.Start();
            Violation? down = await DownAsync(node, "start");
            var workload = new Workload([node], Path.Combine(_folder, "traces"), seed: 1);
            using var stop = new CancellationTokenSource();
            var working = workload.RunAsync(jobsPerSecond, stop.Token);
            foreach (var fault in faults)
                down ??= await InjectAsync(node, fault);
            await stop.CancelAsync();
            if (down is not null)
                return new([], [down], workload.Refusals, null);
            await working;
            return await ResultAsync(node, workload);
        }
        finally
        {
            node.KillAll();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Returns what keeps the node from being whole again; null: it is.</summary>
    private async Task<Violation?> InjectAsync(ChaosNode node, StormFault fault)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var blows = new[] { fault.Guard, fault.Executor, fault.Node };
        var before = node.Look();
        IReadOnlyList<int>[] pids = [before.Guards, before.Executors, before.Nodes];
        foreach (var which in Orders[fault.Order])
        {
            if (blows[which] == Blow.None)
                continue;
            Processes.Signal(
                pids[which],
                blows[which] == Blow.Kill ? Processes.Kill : Processes.Stop
            );
            await Task.Delay(fault.Pause);
        }
        await TakeEffectAsync(
            node,
            [.. pids.Where((_, which) => blows[which] != Blow.None).SelectMany(static some => some)]
        );
        if (fault.IsTotal)
        {
            Processes.Signal(node.All.Keys, Processes.Continue);
            node.Start();
        }
        var down = await DownAsync(node, $"{fault}");
        await log.WriteLineAsync(
            down?.What ?? $"{fault}: whole after {clock.Elapsed.TotalSeconds:F1} s"
        );
        await log.FlushAsync();
        return down;
    }

    /// <summary>Waits until none of the processes runs. On a busy machine, that lasts; the node
    /// would be taken for whole before its fault. A process that was continued meanwhile may run
    /// again.</summary>
    private static async Task TakeEffectAsync(ChaosNode node, IReadOnlyList<int> pids)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (
            clock.Elapsed < EffectLimit
            && node.All.Keys.Intersect(pids).Any(static pid => !Processes.IsStopped(pid))
        )
            await Task.Delay(LookInterval);
    }

    /// <summary>Waits until the node answers and has one process of each kind; returns null then,
    /// or what it has once nothing happens any more.</summary>
    private static async Task<Violation?> DownAsync(ChaosNode node, string after)
    {
        var (last, since) = ("", System.Diagnostics.Stopwatch.StartNew());
        while (since.Elapsed < StillLimit)
        {
            var family = node.Look();
            if (family.IsWhole && await node.IsReadyAsync())
                return null;
            if (family.ToString() != last)
                (last, since) = ($"{family}", System.Diagnostics.Stopwatch.StartNew());
            await Task.Delay(LookInterval);
        }
        return new(0, $"not whole after {after}: {last}");
    }

    private static async Task<ChaosResult> ResultAsync(ChaosNode node, Workload workload)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var outcomes = new JobOutcomes([node], workload);
        var settled = await outcomes.HaveEndedAsync();
        var took = clock.Elapsed;
        var jobs = await outcomes.AllAsync();
        node.Stop();
        await Eventually.HoldsAsync(() => node.All.Count == 0, "all processes exited", StillLimit);
        return new(
            jobs ?? [],
            Checker.Check(jobs, [], [], workload.Unacknowledged),
            workload.Refusals,
            settled ? took : null
        );
    }
}
