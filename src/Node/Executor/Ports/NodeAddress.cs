using System.Net;
using System.Net.Sockets;

namespace JobCloud.Node.Executor.Ports;

/// <summary>What clients call this machine.</summary>
internal static class NodeAddress
{
    private const string Auto = "auto";

    /// <summary>Of TEST-NET-1 (RFC 5737): nobody's, so that the default route is taken.</summary>
    private static readonly IPEndPoint Elsewhere = new(new IPAddress([192, 0, 2, 1]), 9);

    /// <summary>The one that is set; else the address that the default route leaves by; else
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
