using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Tests.Hosting;

public sealed class NodeNameTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_node_keeps_the_name_that_it_was_given()
    {
        Assert.Equal("here", _home.Settings().Node.Name);

        await (await StartAsync("--name", "big")).DisposeAsync();

        Assert.Equal("big", _home.Settings().Node.Name);
        var again = await StartAsync();
        await again.DisposeAsync();
        Assert.Equal("big", NodeNameFile.Read(new HomePaths(_home.Path))?.Current);
    }

    [Fact]
    public async Task A_renamed_node_keeps_its_jids()
    {
        Assert.Equal(1, await SubmitAsync("--name", "lap1"));
        Assert.Equal(2, await SubmitAsync("--name", "big"));
        Assert.Equal(3, await SubmitAsync());
    }

    [Fact]
    public async Task A_home_keeps_its_identity_where_earlier_versions_wrote_it()
    {
        var paths = new HomePaths(_home.Path);
        var id = new string('a', 32);
        Directory.CreateDirectory(paths.Run);
        await File.WriteAllTextAsync(paths.OldIdentity, id);

        Assert.Equal(id, HomeId.ReadOrCreate(paths));
        Directory.Delete(paths.Run, recursive: true);
        Assert.Equal(id, HomeId.ReadOrCreate(paths));
    }

    private Task<NodeHost> StartAsync(params string[] arguments) =>
        NodeHost.StartAsync(_home.Settings(arguments), _home.NodeLog, default);

    private async Task<long> SubmitAsync(params string[] arguments)
    {
        await using var node = await StartAsync(arguments);
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        var request = new SubmitRequest
        {
            Spec = new() { Command = "true" },
            Count = 1,
        };
        return (await client.Cloud.SubmitAsync(request)).First;
    }
}
