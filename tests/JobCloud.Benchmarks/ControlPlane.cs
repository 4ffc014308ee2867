using System.Diagnostics;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Benchmarks;

/// <summary>One durable map through everything but processes: an executor in memory ends each job
/// at once. The store is the real one.</summary>
public static class ControlPlane
{
    public static async Task RunAsync(int size)
    {
        var jobs = size > 0 ? size : 1_000_000;
        var home = new HomePaths(Directory.CreateTempSubdirectory("jcb-").FullName);
        var settings = NodeSettings.Read(
            HoconLoader.Load(
                [
                    "--home",
                    home.Home,
                    "--cores",
                    "4096",
                    "--memory",
                    "100000000GiB",
                    "--set",
                    "jobcloud.agent.backlog=16384",
                ],
                new Dictionary<string, string>()
            ),
            Machine.This()
        );
        var log = new NodeLog(Console.Error, LogLevel.Warning, TimeProvider.System);
        await using (
            var node = await NodeHost.StartAsync(
                settings,
                log,
                CancellationToken.None,
                _ => new InstantExecutor()
            )
        )
        {
            using var channel = BenchCloud.Connect(home);
            var client = new Cloud.CloudClient(channel);
            await MapAsync(client, 1_000);
            foreach (var round in new[] { "cold", "warm" })
            {
                var time = await MapAsync(client, jobs);
                Console.WriteLine(
                    $"{round}: {jobs} jobs in {time.TotalSeconds:F1} s = {jobs / time.TotalSeconds:F0} jobs/s, "
                        + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most"
                );
            }
        }
        Directory.Delete(home.Home, recursive: true);
    }

    private static async Task<TimeSpan> MapAsync(Cloud.CloudClient client, int jobs)
    {
        var watch = Stopwatch.StartNew();
        var map = await client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = "true",
                    Cores = 1,
                    Priority = 5,
                },
                Count = jobs,
                IsMap = true,
            }
        );
        using var waiting = client.Await(
            new AwaitRequest
            {
                Jobs = new Selection
                {
                    Items =
                    {
                        new SelectionItem
                        {
                            Range = new JidRange { First = map.First, Last = map.Last },
                        },
                    },
                },
            }
        );
        while (await waiting.ResponseStream.MoveNext(CancellationToken.None))
            if (waiting.ResponseStream.Current.Finished)
                break;
        return watch.Elapsed;
    }
}
