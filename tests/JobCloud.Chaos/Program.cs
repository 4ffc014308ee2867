using System.Globalization;
using JobCloud.Chaos;

// chaos [SEED [SECONDS [NODES [KIND,KIND...]]]]: a cloud of real nodes under fire; the same seed does the same to it.
// The published programs are used where there are some, else the built ones.
var seed =
    args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Environment.TickCount;
var length = TimeSpan.FromSeconds(
    args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 120
);
var nodes = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 3;
var kinds =
    args.Length > 3
        ? [.. args[3].Split(',').Select(Enum.Parse<FaultKind>)]
        : Enum.GetValues<FaultKind>();
var programs = Environment.GetEnvironmentVariable("CHAOS_PROGRAMS") ?? ChaosRun.BuiltPrograms();
Console.WriteLine($"seed {seed}, {length.TotalSeconds} s, {nodes} nodes, {programs}");
using var run = new ChaosRun(
    new ChaosSetup(seed, nodes, length, 4, Fault.Plan(seed, nodes, length, kinds), programs),
    Console.Out
);
var result = await run.RunAsync();
Report.Write(result, Console.Out);
return result.Violations.Count == 0 ? 0 : 1;
