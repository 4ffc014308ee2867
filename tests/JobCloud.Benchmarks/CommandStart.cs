namespace JobCloud.Benchmarks;

/// <summary>The time of whole commands, from start to exit: <c>jobcloud status 1</c>, alternating
/// with <c>squeue</c> where Slurm is running.</summary>
public static class CommandStart
{
    public static async Task RunAsync(int size)
    {
        var runs = size > 0 ? size : 100;
        await using var cloud = await BenchCloud.StartAsync();
        await cloud.MapAsync(1);
        var (ours, theirs) = (new List<double>(), new List<double>());
        var squeue = File.Exists("/usr/bin/squeue");
        for (var i = 0; i < runs; i++)
        {
            var status = await BenchCloud.RunAsync(
                cloud.Home,
                BenchCloud.Program("jobcloud"),
                "status",
                "1"
            );
            ours.Add(status.TotalMilliseconds);
            if (squeue)
                theirs.Add((await BenchCloud.RunAsync(null, "/usr/bin/squeue")).TotalMilliseconds);
        }
        Console.WriteLine($"{runs} runs; median ms of the whole process");
        Console.WriteLine($"jobcloud status 1  {Throughput.Median(ours):F1}");
        Console.WriteLine(
            squeue
                ? $"squeue             {Throughput.Median(theirs):F1}  ratio {Throughput.Median(ours) / Throughput.Median(theirs):F2}"
                : "squeue             is not installed"
        );
    }
}
