using System.Net;
using JobCloud.Node.Executor.Ports;

namespace JobCloud.Node.Tests.Executor.Ports;

public sealed class NodeAddressTests
{
    [Fact]
    public void A_configured_address_is_returned_unchanged() =>
        Assert.Equal("node7.lan", NodeAddress.Of("node7.lan"));

    [Fact]
    public void The_automatic_address_belongs_to_this_machine()
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Dgram,
            System.Net.Sockets.ProtocolType.Udp
        );

        // A socket can bind only to an address of this machine.
        socket.Bind(new IPEndPoint(IPAddress.Parse(NodeAddress.Of("auto")), 0));

        Assert.True(socket.IsBound);
    }
}
