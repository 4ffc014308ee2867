using JobCloud.Protocol.Api;

namespace JobCloud.Benchmarks;

/// <summary>The cost of an idle node: a minute after its start, and a minute after work.</summary>
public static class Idle
{
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MeasureTime = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(int size)
    {
        var jobs = size > 0 ? size : 10_000;
        await using var cloud = await BenchCloud.StartAsync();
        var status = await cloud.StatusAsync();
        Console.WriteLine("MB resident: total, anonymous, mapped files, shared; share of a core");
        await ReportAsync("a minute after the start", status);
        await cloud.MapAsync(jobs);
        await ReportAsync($"a minute after {jobs} jobs", status);
    }

    private static async Task ReportAsync(string when, NodeStatusReply status)
    {
        await Task.Delay(Settling);
        (string Name, int Pid)[] processes =
        [
            ("node", status.Pid),
            ("executor", status.ExecutorPid),
        ];
        var before = processes.Select(process => ProcessCost.CpuOf(process.Pid)).ToList();
        await Task.Delay(MeasureTime);
        foreach (var ((name, pid), cpu) in processes.Zip(before))
        {
            var sizes = ((string[])["VmRSS", "RssAnon", "RssFile", "RssShmem"]).Select(field =>
                $"{ProcessCost.MemoryOf(pid, field), 5:F0}"
            );
            Console.WriteLine(
                $"{when}: {name, -8} {string.Join(" ", sizes)}  {(ProcessCost.CpuOf(pid) - cpu) / MeasureTime:P1}"
            );
        }
    }
}
