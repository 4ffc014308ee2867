using System.Net;
using System.Net.Sockets;

namespace JobCloud.Node.Executor.Ports;

/// <summary>Finds the address by which clients reach this machine.</summary>
internal static class NodeAddress
{
    private const string Auto = "auto";

    /// <summary>An address of TEST-NET-1 (RFC 5737), which no machine has, so that the default
    /// route is used.</summary>
    private static readonly IPEndPoint Elsewhere = new(new IPAddress([192, 0, 2, 1]), 9);

    /// <summary>Returns the configured address, else the source address of the default route, else
    /// loopback.</summary>
    public static string Of(string setting)
    {
        if (setting != Auto)
            return setting;
        try
        {
            using var socket = new Socket(
                AddressFamily.InterNetwork,
                SocketType.Dgram,
                ProtocolType.Udp
            );
            // Sends nothing: the kernel only chooses the route.
            socket.Connect(Elsewhere);
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return IPAddress.Loopback.ToString();
        }
    }
}
