using Akka.Actor;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.FullScreen.Tests.Cloud;

public sealed class ClientSystemTests
{
    private static readonly Address Node = Address.Parse("akka.ssl.tcp://jobcloud@127.0.0.1:1");

    [Fact]
    public void The_configuration_names_no_type_of_the_node_program() =>
        Assert.DoesNotContain(
            "jobcloud-node",
            ClientSystem.ConfigFor(Node).GetConfig("akka").ToString()
        );

    [Fact]
    public async Task The_client_starts_without_the_node_program()
    {
        var home = Directory.CreateTempSubdirectory("jc-");
        using var authority = new TestAuthority();
        authority.GiveTo(home.FullName);
        var system = ClientSystem.Create(
            Node,
            new UiLog(null, TimeProvider.System),
            new HomePaths(home.FullName),
            clients: false
        );
        Assert.Equal("127.0.0.1", Akka.Cluster.Cluster.Get(system).SelfAddress.Host);
        await system.Terminate();
        home.Delete(recursive: true);
    }

    [Theory]
    [InlineData(false, "jobcloud.tls.clients = on")]
    [InlineData(true, "jobcloud ca client NAME")]
    public void Without_a_usable_certificate_the_error_says_what_to_do(bool clients, string hint)
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            ClientSystem.Create(
                Node,
                new UiLog(null, TimeProvider.System),
                new HomePaths("/nowhere"),
                clients
            )
        );
        Assert.Contains(hint, error.Message);
    }
}
