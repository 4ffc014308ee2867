using System.Net.Sockets;

namespace JobCloud.Testing.Dummy;

/// <summary>Sends bytes to a unix socket and prints the answer.</summary>
internal static class Asker
{
    public static int Ask(string path, byte[] request)
    {
        using var socket = new Socket(
            AddressFamily.Unix,
            SocketType.Stream,
            ProtocolType.Unspecified
        );
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            Console.WriteLine(e.SocketErrorCode);
            return 1;
        }
        socket.Send(request);
        socket.Shutdown(SocketShutdown.Send);
        using var answer = new MemoryStream();
        var buffer = new byte[4096];
        while (socket.Receive(buffer) is > 0 and var count)
            answer.Write(buffer, 0, count);
        // One write, because a test may read meanwhile.
        Console.Write(Convert.ToHexString(answer.ToArray()) + "\n");
        return 0;
    }
}
