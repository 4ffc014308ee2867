using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JobCloud.Testing.Dummy;

/// <summary>Listens on a port, prints its number in a line, and serves connections.</summary>
internal static class Listener
{
    /// <param name="arguments">TRANSPORT ADDRESS PORT (0: any free port). For TCP optionally what
    /// to do with a connection: echo (default), send BYTES, end BYTES (send, then exit), or
    /// ignore.</param>
    public static async Task<int> ListenAsync(string[] arguments)
    {
        var port = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        var end = new IPEndPoint(IPAddress.Parse(arguments[1]), port);
        if (arguments[0] == "udp")
            await EchoDatagramsAsync(end);
        using var listener = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(end);
        listener.Listen();
        PrintPort(listener);
        while (true)
            _ = ServeAsync(await listener.AcceptAsync(), arguments[3..]);
    }

    private static void PrintPort(Socket socket) =>
        // One write, because other processes may write to the same file.
        Console.Write($"{((IPEndPoint)socket.LocalEndPoint!).Port}\n");

    private static async Task ServeAsync(Socket client, string[] action)
    {
        var buffer = new byte[64 << 10];
        switch (action.FirstOrDefault("echo"))
        {
            case "echo":
                int count;
                while ((count = await client.ReceiveAsync(buffer)) > 0)
                    await SendAsync(client, buffer.AsMemory(0, count));
                client.Shutdown(SocketShutdown.Send);
                client.Dispose();
                break;
            case "send" or "end":
                var rest = long.Parse(action[1], CultureInfo.InvariantCulture);
                for (; rest > 0; rest -= buffer.Length)
                    await SendAsync(client, buffer.AsMemory(0, (int)Math.Min(rest, buffer.Length)));
                client.Dispose();
                if (action[0] == "end")
                    Environment.Exit(0);
                break;
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    private static async Task EchoDatagramsAsync(IPEndPoint end)
    {
        using var socket = new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(end);
        PrintPort(socket);
        var buffer = new byte[64 << 10];
        while (true)
        {
            var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(end.Address, 0));
            await socket.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), got.RemoteEndPoint);
        }
    }
}
