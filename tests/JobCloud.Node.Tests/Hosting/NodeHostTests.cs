using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Hosting;

public sealed class NodeHostTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_node_starts_says_what_it_is_and_ends_when_asked()
    {
        var settings = _home.Settings("--name", "n1");
        var node = await NodeHost.StartAsync(settings, _home.NodeLog, CancellationToken.None);
        using (var client = new GatewayClient(settings.Gateway.Socket))
        {
            var status = await client.Cloud.NodeStatusAsync(new NodeStatusRequest());
            Assert.Equal("n1", status.Node);
            Assert.Equal(Environment.ProcessId, status.Pid);
            Assert.Equal($"sqlite {settings.Paths.Journal}", status.Store);
            Assert.StartsWith("akka.tcp://jobcloud@127.0.0.1:", status.Address);
            var config = await client.Cloud.ConfigAsync(new ConfigRequest());
            Assert.Contains(
                config.Entries,
                entry => entry is { Key: "jobcloud.node.name", Value: "n1" }
            );
        }
        var member = Akka.Cluster.Cluster.Get(node.System).SelfMember;
        Assert.Equal(["control", "node.n1", "worker"], member.Roles.Order(StringComparer.Ordinal));
        await node.DisposeAsync();
        Assert.Equal(ExitCodes.Success, await node.Ended);
        Assert.Empty(_home.Log.ToString());
    }

    [Fact]
    public async Task A_second_node_in_the_same_home_is_refused()
    {
        var settings = _home.Settings();
        await using var first = await NodeHost.StartAsync(settings, _home.NodeLog, default);
        var e = await Assert.ThrowsAsync<CannotStartException>(() =>
            NodeHost.StartAsync(settings, _home.NodeLog, default)
        );
        Assert.StartsWith($"Another node runs in {_home.Path};", e.Message);
        using var client = new GatewayClient(settings.Gateway.Socket);
        await client.Cloud.NodeStatusAsync(new NodeStatusRequest());
    }

    [Fact]
    public async Task A_node_put_out_of_its_cloud_ends_as_a_failure()
    {
        await using var node = await NodeHost.StartAsync(_home.Settings(), _home.NodeLog, default);
        var cluster = Akka.Cluster.Cluster.Get(node.System);
        cluster.Down(cluster.SelfAddress);
        Assert.Equal(ExitCodes.Unexpected, await node.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_nothing_behind()
    {
        var settings = _home.Settings();
        Directory.CreateDirectory(settings.Paths.Store);
        await File.WriteAllTextAsync(settings.Paths.Journal, "this is no database");
        await Assert.ThrowsAsync<CannotStartException>(() =>
            NodeHost.StartAsync(settings, _home.NodeLog, default)
        );
        Assert.Equal("this is no database", await File.ReadAllTextAsync(settings.Paths.Journal));
        File.Delete(settings.Paths.Journal);
        await using var node = await NodeHost.StartAsync(settings, _home.NodeLog, default);
    }
}
