using System.Net.Sockets;

namespace JobCloud.Testing.Dummy;

/// <summary>Sends bytes to a unix socket and prints the answer, one message after its
/// length.</summary>
internal static class Asker
{
    private const int MoreFlag = 0x80;
    private const int BitsPerByte = 7;

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
        var answer = new List<byte>();
        var buffer = new byte[4096];
        while (!IsWhole(answer) && socket.Receive(buffer) is > 0 and var count)
            answer.AddRange(buffer.AsSpan(0, count));
        // One write, because a test may read meanwhile.
        Console.Write(Convert.ToHexString(answer.ToArray()) + "\n");
        return 0;
    }

    private static bool IsWhole(List<byte> frame)
    {
        var length = 0;
        for (var i = 0; i < frame.Count; i++)
        {
            length |= (frame[i] & (MoreFlag - 1)) << (BitsPerByte * i);
            if ((frame[i] & MoreFlag) == 0)
                return frame.Count >= i + 1 + length;
        }
        return false;
    }
}
