using Akka.Actor;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Hosting;

namespace JobCloud.FullScreen.Tests.Cloud;

public sealed class ClientSystemTests
{
    private static readonly Address Node = Address.Parse("akka.tcp://jobcloud@127.0.0.1:1");

    [Fact]
    public void Nothing_of_the_nodes_program_is_loaded() =>
        Assert.DoesNotContain(
            "jobcloud-node",
            ClientSystem.ConfigFor(Node).GetConfig("akka").ToString()
        );

    [Fact]
    public async Task It_starts_without_the_nodes_program_beside_it()
    {
        var system = ClientSystem.Create(
            Node,
            new UiLog(null, TimeProvider.System),
            new HomePaths("/nowhere")
        );
        Assert.Equal("127.0.0.1", Akka.Cluster.Cluster.Get(system).SelfAddress.Host);
        await system.Terminate();
    }
}
