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
    public void Without_TLS_no_files_are_read() => Assert.Null(_home.Settings().Tls.Files);

    [Fact]
    public void An_address_open_to_other_machines_requires_TLS_or_plain_cluster()
    {
        var refused = Assert.Throws<SettingsException>(() => _home.Settings(Open));
        Assert.Contains(
            "other machines can reach the cluster's address 192.0.2.1",
            refused.Message
        );
        Assert.False(_home.Settings(Open, "--set=jobcloud.tls.plain-cluster=on").Tls.Cluster);
        _authority.GiveTo(_home.Path);
        Assert.True(_home.Settings(Open, Cluster).Tls.Cluster);
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var refused = Assert.Throws<SettingsException>(() =>
            _home.Settings(Cluster, "--set=jobcloud.gateway.tcp.address=nowhere")
        );
        Assert.Contains("node.pem", refused.Message);
        Assert.Contains("jobcloud.gateway.tcp.address", refused.Message);
    }

    [Theory]
    [InlineData(CertificateRole.Client, 30, "is not a node certificate")]
    [InlineData(CertificateRole.Node, -1, "expired")]
    public void A_certificate_that_other_nodes_would_reject_is_refused(
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
