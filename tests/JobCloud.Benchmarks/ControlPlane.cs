using System.Diagnostics;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Benchmarks;

/// <summary>Runs one durable map without processes: an in-memory executor ends each job at once.
/// The store is real.</summary>
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
            HostResources.OfThisHost()
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
            await TrueMap.RunAsync(client, 1_000);
            foreach (var round in new[] { "cold", "warm" })
            {
                var time = await TrueMap.RunAsync(client, jobs);
                Console.WriteLine(
                    $"{round}: {jobs} jobs in {time.TotalSeconds:F1} s = {jobs / time.TotalSeconds:F0} jobs/s, "
                        + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB peak"
                );
            }
        }
        Directory.Delete(home.Home, recursive: true);
    }
}
