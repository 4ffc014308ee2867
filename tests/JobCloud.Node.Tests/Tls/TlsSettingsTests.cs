using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Tests.Tls;

public sealed class TlsSettingsTests : IDisposable
{
    private const string Cluster = "--set=jobcloud.tls.cluster=on";
    private const string Open = "--set=akka.remote.dot-netty.tcp.hostname=192.0.2.1";

    private readonly TestHome _home = new();
    private readonly TestAuthority _authority = new();

    [Fact]
    public void Without_TLS_nothing_is_read_and_the_address_is_the_machines_own() =>
        Assert.Null(_home.Settings().Tls.Files);

    [Fact]
    public void An_address_open_to_others_needs_TLS_or_a_word_that_it_does_not()
    {
        var refused = Assert.Throws<SettingsException>(() => _home.Settings(Open));
        Assert.Contains("192.0.2.1 can be reached by other machines", refused.Message);
        Assert.False(_home.Settings(Open, "--set=jobcloud.tls.plain-cluster=on").Tls.Cluster);
        _authority.GiveTo(_home.Path);
        Assert.True(_home.Settings(Open, Cluster).Tls.Cluster);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var refused = Assert.Throws<SettingsException>(() =>
            _home.Settings(Cluster, "--set=jobcloud.gateway.tcp.address=nowhere")
        );
        Assert.Contains("node.pem", refused.Message);
        Assert.Contains("jobcloud.gateway.tcp.address", refused.Message);
    }

    [Theory]
    [InlineData(CertificateRole.Client, 30, "is not a node's")]
    [InlineData(CertificateRole.Node, -1, "expired")]
    public void A_node_does_not_start_with_a_certificate_that_no_other_would_take(
        CertificateRole role,
        double until,
        string why
    )
    {
        _authority.GiveTo(_home.Path, role, until);
        var refused = Assert.Throws<SettingsException>(() => _home.Settings(Cluster));
        Assert.Contains(why, refused.Message);
    }

    public void Dispose()
    {
        _home.Dispose();
        _authority.Dispose();
    }
}
