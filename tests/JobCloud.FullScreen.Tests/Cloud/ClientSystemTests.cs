using Akka.Actor;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.FullScreen.Cloud;

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
            new HomePaths("/nowhere"),
            clients: false
        );
        Assert.Equal("127.0.0.1", Akka.Cluster.Cluster.Get(system).SelfAddress.Host);
        await system.Terminate();
    }

    [Theory]
    [InlineData(false, "jobcloud.tls.clients = on")]
    [InlineData(true, "jobcloud ca client NAME")]
    public void Without_a_certificate_that_is_let_in_it_says_what_to_do(bool clients, string told)
    {
        var refused = Assert.Throws<InvalidOperationException>(() =>
            ClientSystem.Create(
                Address.Parse("akka.ssl.tcp://jobcloud@127.0.0.1:1"),
                new UiLog(null, TimeProvider.System),
                new HomePaths("/nowhere"),
                clients
            )
        );
        Assert.Contains(told, refused.Message);
    }
}
