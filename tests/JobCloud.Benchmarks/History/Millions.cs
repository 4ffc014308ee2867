using System.Diagnostics;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Benchmarks.History;

/// <summary>Fills a store with finished jobs, and measures the start of a node, its memory and its
/// lists.</summary>
internal static class Millions
{
    private const int Page = 50;
    private const long Day = 86_400_000_000;
    private const int Days = 300;

    /// <summary>Queries, and whether they must be fast.</summary>
    private static readonly string[] Queries =
    [
        "",
        $"label={HistoryShape.RareLabel}",
        "label=run-17",
        "label=nosuch",
        "label=run-17 status=error",
        "status=error",
        "status=killed",
        "status=queued",
        "status=done",
        "not status=done",
        "finished>2020-01-01 finished<2020-02-01",
        "created>1d",
        "created<299d",
        "finished>200d finished<199d",
        "finished<250d status=error",
        "runtime>1d",
        "owner=nosuch",
        "node=node-3 status=error created<100d",
        "command~seed",
        "command~nosuchword",
        "nosuchword",
        "sort=-finished",
    ];

    /// <param name="arguments">The number of finished jobs and of unfinished ones, and settings of
    /// the node such as <c>--set KEY=VALUE</c>; <c>--keep FOLDER</c> uses a folder and leaves it
    /// there.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var options = HistoryOptions.Read(arguments);
        var home = options.Home;
        await MeasureStartAsync("an empty store", home, options);
        if (!File.Exists(Path.Combine(home.Home, "filled")))
            await FillAsync(home, options);
        for (var start = 0; start < options.Starts; start++)
            await MeasureStartAsync($"start {start + 1}", home, options);
        using (var node = await NodeProcess.StartAsync(home, options.Settings))
        {
            using var channel = BenchCloud.Connect(home);
            var cloud = new Cloud.CloudClient(channel);
            Console.WriteLine("| query | rows | first ms | best ms of 5 |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var query in Queries)
                await MeasureAsync(cloud, query);
            Console.WriteLine(
                $"memory after the queries: {node.Resident} MiB, {node.Anonymous} of it anonymous"
            );
        }
        options.Clean();
    }

    private static async Task FillAsync(HomePaths home, HistoryOptions options)
    {
        var watch = Stopwatch.StartNew();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000;
        var shape = new HistoryShape(options.Finished, options.Unfinished, now - Days * Day, now);
        var holder = "";
        await using (
            var node = await NodeProcess.HostAsync(
                ["--home", home.Home, .. options.Settings],
                settings =>
                {
                    holder = settings.JidHolder;
                    return settings;
                }
            )
        )
            await new HistoryWriter(node.System, holder).WriteAsync(
                shape,
                new Progress<long>(jobs =>
                    Console.Error.Write($"\r{jobs:N0} jobs, {watch.Elapsed.TotalSeconds:F0} s ")
                )
            );
        await File.WriteAllTextAsync(Path.Combine(home.Home, "filled"), "");
        Console.Error.WriteLine();
        Console.WriteLine(
            $"{options.Finished:N0} finished and {options.Unfinished:N0} unfinished jobs written "
                + $"in {watch.Elapsed.TotalSeconds:F0} s; {Size(home) >> 20} MiB in the home"
        );
    }

    private static async Task MeasureStartAsync(string what, HomePaths home, HistoryOptions options)
    {
        using var node = await NodeProcess.StartAsync(home, options.Settings);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Console.WriteLine(
            $"{what}: {node.Start.TotalMilliseconds:F0} ms until it answered ("
                + $"{node.StartCpu.TotalMilliseconds:F0} ms of CPU); two seconds later "
                + $"{node.Cpu.TotalMilliseconds:F0} ms of CPU, "
                + $"{node.Resident} MiB, {node.Anonymous} of it anonymous"
        );
    }

    private static async Task MeasureAsync(Cloud.CloudClient cloud, string query)
    {
        var request = new ListRequest { Query = query, Limit = Page };
        var times = new List<double>();
        var rows = 0;
        try
        {
            for (var run = 0; run < 6; run++)
            {
                var watch = Stopwatch.StartNew();
                rows = (await cloud.ListAsync(request)).Rows.Count;
                times.Add(watch.Elapsed.TotalMilliseconds);
                if (watch.Elapsed.TotalSeconds > 5)
                    break;
            }
        }
        catch (Grpc.Core.RpcException e)
        {
            Console.WriteLine($"| `{query}` | {e.Status.Detail} | | |");
            return;
        }
        Console.WriteLine($"| `{query}` | {rows} | {times[0]:F1} | {times.Min():F1} |");
    }

    public static long Size(HomePaths home) =>
        new DirectoryInfo(home.Home)
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(file => file.Length);
}
