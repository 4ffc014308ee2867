using Grpc.Core;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Testing;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>Purging by retention and by request, on a node with the jobs 1-7 of
/// <c>Version1/journal.db</c>: 6 is deleted, the others have finished.</summary>
public sealed class RetentionSweeperTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _home.Dispose();
    }

    [Fact]
    public async Task Retention_purges_the_first_submitted_jobs_and_logs_it()
    {
        await using var node = await StartAsync(new RetentionLimits(0, 2));
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        await Eventually.HoldsAsync(
            async () => (await JidsAsync(client)).SequenceEqual([7L, 5]),
            "only two jobs are left"
        );
        Assert.Equal(
            "Job 1 was purged by retention (jobcloud.retention).",
            await RefusalAsync(client, 1)
        );
        Assert.Equal("Job 6 was deleted.", await RefusalAsync(client, 6));
    }

    [Fact]
    public async Task A_purge_deletes_the_matching_jobs_and_a_dry_run_none()
    {
        await using var node = await StartAsync(default);
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        await Eventually.HoldsAsync(
            async () => (await JidsAsync(client)).Length == 4,
            "all jobs are listed"
        );
        var request = new PurgeRequest { Query = "status=done", DryRun = true };
        Assert.Equal(5, (await client.Cloud.PurgeAsync(request)).Purged);
        Assert.Equal(4, (await JidsAsync(client)).Length);
        request.DryRun = false;
        request.FinishedUntil = 1;
        Assert.Equal(0, (await client.Cloud.PurgeAsync(request)).Purged);
        request.FinishedUntil = 0;
        var reply = await client.Cloud.PurgeAsync(request);
        Assert.Equal((5, 0), (reply.Purged, reply.Next));
        Assert.Equal(5, Assert.Single(await JidsAsync(client)));
        Assert.Equal($"Job 2 was purged by {Environment.UserName}.", await RefusalAsync(client, 2));
    }

    private async Task<NodeHost> StartAsync(RetentionLimits limits)
    {
        var settings = _home.Settings();
        Directory.CreateDirectory(settings.Paths.Store);
        File.Copy(
            SourceTree.PathOf("tests/JobCloud.Node.Tests/Store/Version1/journal.db"),
            settings.Paths.Journal
        );
        return await NodeHost.StartAsync(
            settings with
            {
                Retention = settings.Retention with
                {
                    Limits = limits,
                    PageSlices = 2,
                    Pause = TimeSpan.FromMilliseconds(50),
                    CheckInterval = TimeSpan.FromMilliseconds(200),
                },
            },
            _home.NodeLog,
            default
        );
    }

    private static async Task<long[]> JidsAsync(GatewayClient client) =>
        [.. (await client.Cloud.ListAsync(new ListRequest())).Rows.Select(row => row.First)];

    private static async Task<string> RefusalAsync(GatewayClient client, long jid)
    {
        var jobs = new Selection
        {
            Items =
            {
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                },
            },
        };
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.Cloud.RetryAsync(new RetryRequest { Jobs = jobs })
        );
        return refused.Status.Detail;
    }
}
