using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Benchmarks;

/// <summary>The cost per job of an environment, a volume and a private network: the time of
/// <c>true</c> from the start of its first process to its end, one job at a time, alternating
/// between the kinds.</summary>
public static class IsolationCost
{
    public static async Task RunAsync(int size)
    {
        var rounds = size > 0 ? size : 100;
        await using var cloud = await BenchCloud.StartAsync();
        await DefineAsync(cloud);
        (string Name, JobSpec Spec)[] kinds =
        [
            ("plain", new JobSpec()),
            ("setup line", new JobSpec { Environment = "setup" }),
            ("private network", new JobSpec { IsolateNetwork = true }),
            ("volume", new JobSpec { Volumes = { "volume" } }),
            (
                "all three",
                new JobSpec
                {
                    Environment = "setup",
                    Volumes = { "volume" },
                    IsolateNetwork = true,
                }
            ),
        ];
        var times = kinds.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        for (var i = 0; i < kinds.Length; i++)
            times[i].Add(await TimeAsync(cloud, kinds[i].Spec));
        Console.WriteLine($"{rounds} jobs of each kind; ms from start to end");
        for (var i = 0; i < kinds.Length; i++)
        {
            times[i].Sort();
            var (p50, p99) = (times[i][rounds / 2], times[i][rounds * 99 / 100]);
            Console.WriteLine($"{kinds[i].Name, -16} p50 {p50, 5:F1}  p99 {p99, 5:F1}");
        }
    }

    private static async Task DefineAsync(BenchCloud cloud)
    {
        Definition[] all =
        [
            new()
            {
                Environment = new() { Name = "setup", Setup = "word=1" },
            },
            new()
            {
                Volume = new()
                {
                    Name = "volume",
                    Directory = cloud.Home.Run,
                    MountPath = cloud.Home.Log,
                    ReadOnly = true,
                },
            },
        ];
        foreach (var definition in all)
            await cloud.Client.DefineAsync(new DefineRequest { Definition = definition });
    }

    private static async Task<double> TimeAsync(BenchCloud cloud, JobSpec kind)
    {
        var spec = kind.Clone();
        (spec.Command, spec.Cores, spec.Priority) = ("true", 1, 5);
        var job = await cloud.Client.SubmitAsync(new SubmitRequest { Spec = spec });
        await cloud.JoinAsync(job.First, job.First);
        var range = new JidRange { First = job.First, Last = job.First };
        var jobs = new Selection { Items = { new SelectionItem { Range = range } } };
        using var info = cloud.Client.Info(new InfoRequest { Jobs = jobs, Items = { "status" } });
        await info.ResponseStream.MoveNext(CancellationToken.None);
        var detail = info.ResponseStream.Current;
        return (detail.Finished - detail.Started) / 1e3;
    }
}
