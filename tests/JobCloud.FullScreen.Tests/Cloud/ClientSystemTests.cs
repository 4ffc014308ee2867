using Akka.Actor;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.FullScreen.Tests.Cloud;

public sealed class ClientSystemTests
{
    private static readonly Address Node = Address.Parse("akka.tcp://jobcloud@127.0.0.1:1");

    [Fact]
    public void The_configuration_names_no_type_of_the_node_program() =>
        Assert.DoesNotContain(
            "jobcloud-node",
            ClientSystem.ConfigFor(Node).GetConfig("akka").ToString()
        );

    [Fact]
    public async Task The_client_starts_without_the_node_program()
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
    public void Without_a_usable_certificate_the_error_says_what_to_do(bool clients, string hint)
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            ClientSystem.Create(
                Address.Parse("akka.ssl.tcp://jobcloud@127.0.0.1:1"),
                new UiLog(null, TimeProvider.System),
                new HomePaths("/nowhere"),
                clients
            )
        );
        Assert.Contains(hint, error.Message);
    }
}
