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
    public async Task A_node_starts_reports_its_status_and_stops()
    {
        var settings = _home.Settings("--name", "n1");
        var node = await NodeHost.StartAsync(settings, _home.NodeLog, CancellationToken.None);
        using (var client = new GatewayClient(settings.Gateway.Socket))
        {
            var status = await client.Cloud.NodeStatusAsync(new NodeStatusRequest());
            Assert.Equal("n1", status.Node);
            Assert.Equal(Environment.ProcessId, status.Pid);
            Assert.Equal($"sqlite {settings.Paths.Journal}", status.Store);
            Assert.StartsWith("akka.ssl.tcp://jobcloud@127.0.0.1:", status.Address);
            var config = await client.Cloud.ConfigAsync(new ConfigRequest());
            Assert.Contains(
                config.Entries,
                entry => entry is { Key: "jobcloud.node.name", Value: "n1" }
            );
        }
        var member = Akka.Cluster.Cluster.Get(node.System).SelfMember;
        Assert.Equal(["control", "node.n1", "worker"], member.Roles.Order(StringComparer.Ordinal));
        await node.DisposeAsync();
        Assert.Equal(NodeExitCodes.Success, await node.Ended);
        Assert.Empty(_home.Log.ToString());
    }

    [Fact]
    public async Task A_second_node_in_a_home_does_not_start()
    {
        var settings = _home.Settings();
        await using var first = await NodeHost.StartAsync(settings, _home.NodeLog, default);
        var e = await Assert.ThrowsAsync<CannotStartException>(() =>
            NodeHost.StartAsync(settings, _home.NodeLog, default)
        );
        Assert.StartsWith($"Another node is running in {_home.Path};", e.Message);
        using var client = new GatewayClient(settings.Gateway.Socket);
        await client.Cloud.NodeStatusAsync(new NodeStatusRequest());
    }

    [Fact]
    public async Task A_node_removed_from_its_cloud_stops_with_a_failure()
    {
        await using var node = await NodeHost.StartAsync(_home.Settings(), _home.NodeLog, default);
        var cluster = Akka.Cluster.Cluster.Get(node.System);
        cluster.Down(cluster.SelfAddress);
        Assert.Equal(
            NodeExitCodes.Unexpected,
            await node.Ended.WaitAsync(TimeSpan.FromSeconds(10))
        );
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_home_that_others_can_change_is_refused(UnixFileMode more)
    {
        File.SetUnixFileMode(_home.Path, File.GetUnixFileMode(_home.Path) | more);
        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            NodeHost.StartAsync(_home.Settings(), _home.NodeLog, default)
        );
        Assert.True(refused.NeedsRepair);
        Assert.StartsWith(
            $"The home is not safe: others can change {_home.Path} (mode 7",
            refused.Message
        );
        Assert.EndsWith($": run chmod go-w {_home.Path}.", refused.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_home.Path));
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("pipe")]
    [InlineData("zeros")]
    [InlineData("link to nothing")]
    public async Task A_node_starts_with_rubbish_in_its_files(string kind)
    {
        var settings = _home.Settings();
        string[] files =
        [
            settings.Paths.Identity,
            settings.Gateway.Socket,
            settings.Paths.NodeLock,
        ];
        Directory.CreateDirectory(settings.Paths.Run);
        Directory.CreateDirectory(settings.Paths.Store);
        foreach (var file in files)
            Spoil(file);
        await using var node = await NodeHost.StartAsync(settings, _home.NodeLog, default);
        using var client = new GatewayClient(settings.Gateway.Socket);
        Assert.True((await client.Cloud.NodeStatusAsync(new NodeStatusRequest())).Ready);
        Assert.Equal(32, (await File.ReadAllTextAsync(settings.Paths.Identity)).Length);

        void Spoil(string file)
        {
            switch (kind)
            {
                case "directory":
                    Directory.CreateDirectory($"{file}/in");
                    break;
                case "pipe":
                    System.Diagnostics.Process.Start("mkfifo", [file]).WaitForExit();
                    break;
                case "zeros":
                    File.WriteAllBytes(file, new byte[32]);
                    break;
                case "link to nothing" when file != settings.Paths.NodeLock:
                    File.CreateSymbolicLink(file, "/nowhere/at/all");
                    break;
            }
        }
    }

    [Fact]
    public async Task A_failed_start_releases_the_home()
    {
        var settings = _home.Settings();
        Directory.CreateDirectory(settings.Paths.Store);
        await File.WriteAllTextAsync(settings.Paths.Journal, "not a database");
        await Assert.ThrowsAsync<CannotStartException>(() =>
            NodeHost.StartAsync(settings, _home.NodeLog, default)
        );
        Assert.Equal("not a database", await File.ReadAllTextAsync(settings.Paths.Journal));
        File.Delete(settings.Paths.Journal);
        await using var node = await NodeHost.StartAsync(settings, _home.NodeLog, default);
    }
}
