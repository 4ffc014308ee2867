using System.Globalization;
using JobCloud.Chaos;

// chaos run [SEED [FAULTS [NODES [KIND,KIND...]]]]: runs a cloud of real nodes with faults; the
// same seed plans the same faults. chaos storm [SEED [FAULTS]]: kills and stops the guard, the
// executor and the node of one cloud in every combination. chaos bars [ROUNDS]: measures the
// recovery time after losses against limits. chaos speed [JOBS [NODES]]: measures the jobs per
// second of an undisturbed cloud. CHAOS_PROGRAMS: the directory of the published programs (default:
// the built ones). CHAOS_LOGS: a directory to keep the nodes' logs in.
var programs = Environment.GetEnvironmentVariable("CHAOS_PROGRAMS") ?? ChaosCloud.BuiltPrograms();
var logs = Environment.GetEnvironmentVariable("CHAOS_LOGS");
return args switch
{
    ["bars", .. var rest] => await BarsAsync(Number(rest, 0, 3)),
    ["storm", .. var rest] => await StormAsync(Number(rest, 0, 1), Number(rest, 1, 100)),
    ["speed", .. var rest] => await SpeedAsync(Number(rest, 0, 5_000), Number(rest, 1, 3)),
    ["run", .. var rest] => await RunAsync(
        Number(rest, 0, Environment.TickCount),
        Number(rest, 1, 20),
        Number(rest, 2, 3),
        rest.Length > 3 ? [.. rest[3].Split(',').Select(Enum.Parse<FaultKind>)] : null
    ),
    _ => Usage(),
};

async Task<int> RunAsync(int seed, int faults, int nodes, IReadOnlyList<FaultKind>? kinds)
{
    using var cloud = new ChaosCloud(
        new CloudConfiguration(
            nodes,
            programs,
            ChaosRun.Settings,
            OwnClocks: true,
            KeepLogsIn: logs
        )
    );
    var possible = (kinds ?? Enum.GetValues<FaultKind>()).Where(cloud.Allows).ToArray();
    Console.WriteLine($"seed {seed}, {faults} faults, {nodes} nodes, {programs}");
    var plan = Fault.Plan(seed, nodes, faults, possible);
    var run = new ChaosRun(
        cloud,
        new ChaosSetup(seed, TimeSpan.Zero, JobsPerSecond: 1.5, plan),
        Console.Out
    );
    var result = await run.RunAsync();
    Report.Write(result, Console.Out);
    return result.Violations.Count == 0 ? 0 : 1;
}

async Task<int> StormAsync(int seed, int faults)
{
    using var storm = new Storm(programs, Console.Out);
    var result = await storm.RunAsync(StormFault.Plan(seed, faults), jobsPerSecond: 1.5);
    Report.Write(result, Console.Out);
    return result.Violations.Count == 0 && result.Settled is not null ? 0 : 1;
}

async Task<int> BarsAsync(int rounds)
{
    using var cloud = new ChaosCloud(new CloudConfiguration(Nodes: 3, programs, KeepLogsIn: logs));
    var figures = await new RecoveryTimes(cloud, Console.Out).MeasureAsync(rounds);
    foreach (var figure in figures)
        Console.WriteLine(figure);
    return figures.All(static figure => figure.Holds) ? 0 : 1;
}

async Task<int> SpeedAsync(int jobs, int nodes)
{
    using var cloud = new ChaosCloud(new CloudConfiguration(nodes, programs, KeepLogsIn: logs));
    await new Speed(cloud, Console.Out).MeasureAsync(jobs, rounds: 5);
    return 0;
}

static int Number(string[] arguments, int index, int defaultValue) =>
    arguments.Length > index
        ? int.Parse(arguments[index], CultureInfo.InvariantCulture)
        : defaultValue;

static int Usage()
{
    Console.Error.WriteLine(
        "usage: chaos run [SEED [FAULTS [NODES [KIND,KIND...]]]] | chaos storm [SEED [FAULTS]] | "
            + "chaos bars [ROUNDS] | chaos speed [JOBS [NODES]]"
    );
    return 2;
}
