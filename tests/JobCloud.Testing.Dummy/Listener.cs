using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JobCloud.Testing.Dummy;

/// <summary>Listens on a port, tells it in a line, and serves whoever comes.</summary>
internal static class Listener
{
    /// <param name="words">TRANSPORT ADDRESS PORT, 0 for a free one; then for TCP what to do with a
    /// connection: echo (the default), send BYTES (end BYTES: and exit), or ignore it.</param>
    public static async Task<int> ListenAsync(string[] words)
    {
        var port = int.Parse(words[2], CultureInfo.InvariantCulture);
        var end = new IPEndPoint(IPAddress.Parse(words[1]), port);
        if (words[0] == "udp")
            await EchoDatagramsAsync(end);
        using var listener = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(end);
        listener.Listen();
        Tell(listener);
        while (true)
            _ = ServeAsync(await listener.AcceptAsync(), words[3..]);
    }

    private static void Tell(Socket socket) =>
        // In one write: others may write to the same file.
        Console.Write($"{((IPEndPoint)socket.LocalEndPoint!).Port}\n");

    private static async Task ServeAsync(Socket client, string[] act)
    {
        var buffer = new byte[64 << 10];
        switch (act.FirstOrDefault("echo"))
        {
            case "echo":
                int count;
                while ((count = await client.ReceiveAsync(buffer)) > 0)
                    await SendAsync(client, buffer.AsMemory(0, count));
                client.Shutdown(SocketShutdown.Send);
                client.Dispose();
                break;
            case "send" or "end":
                var rest = long.Parse(act[1], CultureInfo.InvariantCulture);
                for (; rest > 0; rest -= buffer.Length)
                    await SendAsync(client, buffer.AsMemory(0, (int)Math.Min(rest, buffer.Length)));
                client.Dispose();
                if (act[0] == "end")
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
        Tell(socket);
        var buffer = new byte[64 << 10];
        while (true)
        {
            var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(end.Address, 0));
            await socket.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), got.RemoteEndPoint);
        }
    }
}
