using JobCloud.Node.Daemon.Membership;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Membership;

public sealed class NodeVersionTests
{
    [Fact]
    public void A_node_reports_the_product_version() =>
        Assert.Equal(ProductVersion.Current, NodeIdentity.Version);
}
