using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Nodes with one role: control or worker.</summary>
public sealed class RolesTests
{
    [PostgreSqlFact]
    public async Task A_control_node_keeps_jobs_queued_until_a_worker_joins()
    {
        using var store = new SharedStore();
        await using var keeper = store.Node("keeper");
        await using var worker = store.Node("worker");
        await keeper.OkAsync("node", "start", "--role", "control");
        var jid = await keeper.ExecAsync("echo", "ran");
        await Eventually.HoldsAsync(
            async () =>
                (await keeper.OkAsync("explain", jid)).Contains(
                    "node keeper runs no jobs: it does not have the role worker"
                ),
            "explain reports that there is no worker"
        );
        Assert.Equal("queued", await keeper.StatusAsync(jid));

        var status = (await keeper.RunAsync("-o", "json", "node", "status")).Json;
        var address = status.GetProperty("address").GetString()!.Split('@')[1];
        await worker.OkAsync("node", "start", "--role", "worker", "--join", address);
        Assert.Equal("ran", await keeper.OkAsync("result", jid));
        var asked = await worker.ExecAsync("echo", "here");
        Assert.Equal("here", await worker.OkAsync("result", asked));
        Assert.EndsWith("node: worker", await worker.OkAsync("info", asked, "-o", "node"));

        var nodes = await SharedStore.NodesAsync(worker);
        Assert.Equal("control", nodes["keeper"].GetProperty("roles")[0].GetString());
        Assert.Equal(0, nodes["keeper"].GetProperty("cores").GetInt32());
        Assert.Equal("worker", nodes["worker"].GetProperty("roles")[0].GetString());
        Assert.Equal(1, nodes["worker"].GetProperty("cores").GetInt32());
    }

    [Fact]
    public async Task A_worker_without_a_shared_store_does_not_start()
    {
        await using var cloud = new Cloud();
        var ran = await cloud.RunAsync("node", "start", "--role", "worker");
        Assert.Equal(3, ran.Exit);
        Assert.Contains("jobcloud.node.roles", ran.Err);
        Assert.Contains("control too, or a store that nodes share", ran.Err);
    }
}
