using System.Net;
using JobCloud.Node.Executor.Ports;

namespace JobCloud.Node.Tests.Executor.Ports;

public sealed class NodeAddressTests
{
    [Fact]
    public void What_is_set_is_told_as_it_is() =>
        Assert.Equal("node7.lan", NodeAddress.Of("node7.lan"));

    [Fact]
    public void Auto_is_an_address_of_this_machine()
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork,
            System.Net.Sockets.SocketType.Dgram,
            System.Net.Sockets.ProtocolType.Udp
        );

        // Only an own address can be bound.
        socket.Bind(new IPEndPoint(IPAddress.Parse(NodeAddress.Of("auto")), 0));

        Assert.True(socket.IsBound);
    }
}
