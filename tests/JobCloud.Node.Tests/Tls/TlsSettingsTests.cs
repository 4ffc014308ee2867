using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Tests.Hosting;

namespace JobCloud.Node.Tests.Tls;

public sealed class TlsSettingsTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("*")]
    [InlineData("")]
    public void A_wildcard_is_refused_as_a_nodes_address(string host)
    {
        var refused = Assert.Throws<SettingsException>(() =>
            _home.Settings($"--set=akka.remote.dot-netty.tcp.hostname={host}")
        );
        Assert.Contains("other nodes cannot connect to a wildcard", refused.Message);
    }

    [Fact]
    public void No_setting_opens_a_plaintext_port()
    {
        foreach (var setting in new[] { "cluster", "plain-cluster" })
            Assert.Throws<SettingsException>(() =>
                _home.Settings($"--set=jobcloud.tls.{setting}=off")
            );
    }
}
