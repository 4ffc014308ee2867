using System.Diagnostics;
using System.Text;

namespace JobCloud.Benchmarks;

/// <summary>Real processes, <c>true</c> many times: xargs and JobCloud alternating, in one run.
/// JobCloud's figure includes submission, four durable events per job and the report of the
/// end.</summary>
public static class Throughput
{
    private const int Rounds = 5;

    public static async Task RunAsync(int size)
    {
        var jobs = size > 0 ? size : 4_000;
        await using var cloud = await BenchCloud.StartAsync();
        await cloud.MapAsync(jobs);
        var (maps, batches) = (new List<double>(), new List<double>());
        Console.WriteLine($"{jobs} jobs per round, 4 at once; jobs/s");
        Console.WriteLine("round  xargs  map    ratio  batch  ratio");
        for (var round = 1; round <= Rounds; round++)
        {
            var xargs = jobs / (await XargsAsync(jobs)).TotalSeconds;
            var map = jobs / (await cloud.MapAsync(jobs)).TotalSeconds;
            var batch = jobs / (await BatchAsync(cloud, jobs)).TotalSeconds;
            maps.Add(map / xargs);
            batches.Add(batch / xargs);
            Console.WriteLine(
                $"{round, -5}  {xargs, -5:F0}  {map, -5:F0}  {map / xargs, -5:F2}  {batch, -5:F0}  {batch / xargs:F2}"
            );
        }
        Console.WriteLine($"median ratio: map {Median(maps):F2}, batch {Median(batches):F2}");
    }

    private static Task<TimeSpan> XargsAsync(int jobs) =>
        BenchCloud.RunAsync(null, "/bin/sh", "-c", $"seq {jobs} | xargs -P4 -n1 true");

    /// <summary>The same jobs, submitted one by one over one connection of the command.</summary>
    private static async Task<TimeSpan> BatchAsync(BenchCloud cloud, int jobs)
    {
        var requests = Path.Combine(cloud.Home.Home, "requests");
        var lines = new StringBuilder();
        for (var i = 0; i < jobs; i++)
            lines.Append("""{"exec":{"command":"true"}}""").Append('\n');
        await File.WriteAllTextAsync(requests, lines.ToString());
        var watch = Stopwatch.StartNew();
        await BenchCloud.RunAsync(cloud.Home, BenchCloud.Program("jobcloud"), "batch", requests);
        await BenchCloud.RunAsync(cloud.Home, BenchCloud.Program("jobcloud"), "join", "all");
        return watch.Elapsed;
    }

    public static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
