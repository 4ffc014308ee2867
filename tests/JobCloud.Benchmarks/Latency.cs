using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Benchmarks;

/// <summary>The time on an idle cloud, one job at a time, from the call of Submit to the start of
/// the process, both by the machine's clock.</summary>
public static class Latency
{
    public static async Task RunAsync(int size)
    {
        var jobs = size > 0 ? size : 300;
        await using var cloud = await BenchCloud.StartAsync();
        await MeasureAsync(cloud, 50);
        var (running, answered) = await MeasureAsync(cloud, jobs);
        Console.WriteLine($"{jobs} jobs, one at a time; ms");
        Console.WriteLine(
            $"submit → acknowledged  p50 {At(answered, 0.5):F1}  p99 {At(answered, 0.99):F1}"
        );
        Console.WriteLine(
            $"submit → running       p50 {At(running, 0.5):F1}  p99 {At(running, 0.99):F1}"
        );
    }

    private static async Task<(List<double> Running, List<double> Answered)> MeasureAsync(
        BenchCloud cloud,
        int jobs
    )
    {
        var (running, answered) = (new List<double>(), new List<double>());
        for (var i = 0; i < jobs; i++)
        {
            var before = DateTimeOffset.UtcNow;
            var job = await cloud.Client.SubmitAsync(
                new SubmitRequest
                {
                    Spec = new JobSpec
                    {
                        Command = "true",
                        Cores = 1,
                        Priority = 5,
                    },
                }
            );
            answered.Add((DateTimeOffset.UtcNow - before).TotalMilliseconds);
            await cloud.JoinAsync(job.First, job.First);
            running.Add((await StartedAsync(cloud, job.First) - before).TotalMilliseconds);
        }
        return (running, answered);
    }

    private static async Task<DateTimeOffset> StartedAsync(BenchCloud cloud, long jid)
    {
        using var info = cloud.Client.Info(
            new InfoRequest
            {
                Jobs = new Selection
                {
                    Items =
                    {
                        new SelectionItem
                        {
                            Range = new JidRange { First = jid, Last = jid },
                        },
                    },
                },
                Items = { "status" },
            }
        );
        await info.ResponseStream.MoveNext(CancellationToken.None);
        return DateTimeOffset.UnixEpoch.AddMicroseconds(info.ResponseStream.Current.Started);
    }

    private static double At(List<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
    }
}
