using System.Diagnostics;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Chaos.Tests;

[Collection("clouds, one at a time")]
public class LongOutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The store is away for longer than nodes trust their own view, while more jobs are
    /// queued than the nodes can run.</summary>
    [PostgreSqlFact]
    public async Task No_job_ends_in_error_because_the_store_was_away_for_long()
    {
        using var cloud = new ChaosCloud(
            new CloudConfiguration(
                Nodes: 3,
                ChaosCloud.BuiltPrograms(),
                $"{ChaosRun.Settings}\njobcloud {{ crash-limit = 5, node.cores = 2 }}"
            )
        );
        await cloud.StartAsync();
        await cloud.AllReadyAsync(cloud.Nodes[0]);
        var slow = await SubmitAsync(cloud.Nodes[0], "sleep 15", 6);
        var quick = await SubmitAsync(cloud.Nodes[0], "sleep 0.2", 200);

        cloud.Store.Stop();
        await Task.Delay(Outage);
        cloud.Store.Restart();

        await AreDoneAsync(cloud, slow.First, quick.Last);
    }

    private static async Task<SubmitReply> SubmitAsync(ChaosNode node, string command, int jobs) =>
        await node.Client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = command,
                    Cores = 1,
                    Priority = 5,
                    MemoryBytes = 16 << 20,
                },
                Count = jobs,
                IsMap = true,
            }
        );

    /// <summary>Fails if a job ends in another way.</summary>
    private static async Task AreDoneAsync(ChaosCloud cloud, long first, long last)
    {
        var watch = Stopwatch.StartNew();
        for (var turn = 0; ; turn++)
            try
            {
                await TrueMap.JoinAsync(cloud.Nodes[turn % 3].Client, first, last).WaitAsync(Turn);
                return;
            }
            catch (Exception e)
                when (e is RpcException or TimeoutException && watch.Elapsed < Limit)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
    }
}
