using JobCloud.Benchmarks;
using JobCloud.Benchmarks.History;

var benchmarks = new Dictionary<string, Func<int, Task>>
{
    ["throughput"] = Throughput.RunAsync,
    ["http"] = HttpSubmissions.RunAsync,
    ["latency"] = Latency.RunAsync,
    ["isolation"] = IsolationCost.RunAsync,
    ["start"] = CommandStart.RunAsync,
    ["control-plane"] = ControlPlane.RunAsync,
    ["limits"] = CgroupCost.RunAsync,
    ["idle"] = Idle.RunAsync,
    ["terminals"] = Terminals.RunAsync,
    ["screen"] = FullScreen.RunAsync,
    ["simulate"] = Simulate.RunAsync,
};
if (args is [SyntheticCloud.Option, var home, var jobs])
{
    await SyntheticCloud.RunAsync(home, int.Parse(jobs));
    return 0;
}
if (args is [NodeProcess.Option, .. var settings])
{
    await NodeProcess.RunAsync(settings);
    return 0;
}
if (args is ["millions", .. var options])
{
    await Millions.RunAsync(options);
    return 0;
}
if (args is ["years", .. var span])
{
    await new Years(YearsOptions.Read(span), Console.Out).RunAsync();
    return 0;
}
if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine(
        $"usage: benchmarks NAME [SIZE]; NAME is one of {string.Join(", ", benchmarks.Keys)}, "
            + "millions, years"
    );
    return 2;
}
await benchmark(args.Length > 1 ? int.Parse(args[1]) : 0);
return 0;
