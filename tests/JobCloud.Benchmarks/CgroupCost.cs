using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Benchmarks;

/// <summary>The cost and savings of cgroups: the same work with and without them, alternating, in
/// one run.</summary>
public static class CgroupCost
{
    private const int Rounds = 5,
        Sleepers = 200;

    private static readonly string[] Modes = ["auto", "off"];
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MeasureTime = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(int size)
    {
        var jobs = size > 0 ? size : 2_500;
        Console.WriteLine($"{jobs} times true, 4 at once: jobs/s, executor CPU µs/job");
        Console.WriteLine("round  " + string.Join("  ", Modes.Select(mode => $"{mode, -12}")));
        await QuickAsync(jobs);
        Console.WriteLine(
            $"{Sleepers} processing jobs, {MeasureTime.TotalSeconds:F0} s: share of a core"
        );
        foreach (var mode in Modes)
            await SampledAsync(mode);
    }

    private static async Task QuickAsync(int jobs)
    {
        await using var auto = await BenchCloud.StartAsync(settings: Setting("auto"));
        await using var off = await BenchCloud.StartAsync(settings: Setting("off"));
        BenchCloud[] clouds = [auto, off];
        foreach (var cloud in clouds)
            await cloud.MapAsync(jobs);
        var (speeds, costs) = (new List<double>[] { [], [] }, new List<double>[] { [], [] });
        for (var round = 1; round <= Rounds; round++)
        {
            for (var i = 0; i < clouds.Length; i++)
            {
                var executor = (await clouds[i].StatusAsync()).ExecutorPid;
                var before = ProcessCost.CpuOf(executor);
                var took = await clouds[i].MapAsync(jobs);
                costs[i].Add((ProcessCost.CpuOf(executor) - before).TotalMicroseconds / jobs);
                speeds[i].Add(jobs / took.TotalSeconds);
            }
            Console.WriteLine(
                $"{round, -5}  {speeds[0][^1], -5:F0} {costs[0][^1], -6:F0}  {speeds[1][^1], -5:F0} {costs[1][^1], -6:F0}"
            );
        }
        Console.WriteLine(
            $"median {Throughput.Median(speeds[0]):F0} {Throughput.Median(costs[0]):F0} with, "
                + $"{Throughput.Median(speeds[1]):F0} {Throughput.Median(costs[1]):F0} without; ratio of "
                + $"speeds {Throughput.Median([.. speeds[0].Zip(speeds[1], (a, b) => a / b)]):F2}"
        );
    }

    private static async Task SampledAsync(string mode)
    {
        await using var cloud = await BenchCloud.StartAsync(Sleepers, Setting(mode));
        var status = await cloud.StatusAsync();
        var (executorIdle, nodeIdle) = await SharesAsync(status);
        var sleepers = await cloud.Client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = "sleep 300",
                    Cores = 1,
                    MemoryBytes = 16 << 20,
                    Priority = 5,
                },
                Count = Sleepers,
                IsMap = true,
            }
        );
        var (executor, node) = await SharesAsync(status);
        Console.WriteLine(
            $"{mode, -5} executor {executor:P1} (idle {executorIdle:P1}), node {node:P1} (idle {nodeIdle:P1})"
        );
        await cloud.Client.KillAsync(
            new KillRequest
            {
                Jobs = new Selection
                {
                    Items =
                    {
                        new SelectionItem
                        {
                            Range = new JidRange { First = sleepers.First, Last = sleepers.Last },
                        },
                    },
                },
            }
        );
    }

    private static async Task<(double Executor, double Node)> SharesAsync(NodeStatusReply status)
    {
        await Task.Delay(Settling);
        var (executor, node) = (
            ProcessCost.CpuOf(status.ExecutorPid),
            ProcessCost.CpuOf(status.Pid)
        );
        var watch = Stopwatch.StartNew();
        await Task.Delay(MeasureTime);
        return (
            (ProcessCost.CpuOf(status.ExecutorPid) - executor) / watch.Elapsed,
            (ProcessCost.CpuOf(status.Pid) - node) / watch.Elapsed
        );
    }

    private static string Setting(string mode) => $"jobcloud.executor.cgroups = {mode}\n";
}
