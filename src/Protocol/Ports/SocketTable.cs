using System.Buffers.Text;
using System.Net;
using System.Runtime.InteropServices;

namespace JobCloud.Protocol.Ports;

/// <summary>Parses /proc/PID/net/{tcp,tcp6,udp,udp6} (proc_pid_net(5)): a heading, then one line
/// per socket, with fields separated by spaces.</summary>
public static class SocketTable
{
    /// <summary>Values from include/net/tcp_states.h; a UDP socket without a peer is
    /// "closed".</summary>
    private const byte Listening = 0x0A,
        Unconnected = 0x07;

    private const int WordDigits = 8;
    private const int AddressField = 1,
        StateField = 3,
        InodeField = 9;

    /// <summary>The sockets of a table that accept clients. Incomplete or unknown lines are
    /// skipped.</summary>
    public static List<BoundSocket> Parse(ReadOnlySpan<byte> text, Transport transport)
    {
        var sockets = new List<BoundSocket>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (TryParse(text[range], transport, out var socket))
                sockets.Add(socket);
        }
        return sockets;
    }

    private static bool TryParse(
        ReadOnlySpan<byte> line,
        Transport transport,
        out BoundSocket socket
    )
    {
        socket = default;
        var wanted = transport == Transport.Tcp ? Listening : Unconnected;
        ReadOnlySpan<byte> local = [];
        for (var field = 0; Next(ref line, out var word); field++)
        {
            if (field == AddressField)
                local = word;
            else if (field == StateField && (!TryHex(word, 2, out var state) || state != wanted))
                return false;
            else if (field == InodeField)
            {
                if (
                    !TryEndpoint(local, out var address, out var port)
                    || !Utf8Parser.TryParse(word, out long inode, out _)
                )
                    return false;
                socket = new(transport, address, port, inode);
                return port > 0;
            }
        }
        return false;
    }

    /// <summary>Parses an address, printed as 32-bit words in the machine's byte order.</summary>
    private static bool TryEndpoint(ReadOnlySpan<byte> text, out IPAddress address, out int port)
    {
        (address, port) = (IPAddress.None, 0);
        var colon = text.IndexOf((byte)':');
        if (
            colon is not (WordDigits or 4 * WordDigits)
            || !TryHex(text[(colon + 1)..], 4, out var number)
        )
            return false;
        Span<byte> bytes = stackalloc byte[colon / 2];
        for (var at = 0; at < colon; at += WordDigits)
        {
            if (!TryHex(text.Slice(at, WordDigits), WordDigits, out var word))
                return false;
            MemoryMarshal.Write(bytes[(at / 2)..], word);
        }
        var read = new IPAddress(bytes);
        (address, port) = (read.IsIPv4MappedToIPv6 ? read.MapToIPv4() : read, (int)number);
        return true;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, int digits, out uint number)
    {
        number = 0;
        return text.Length == digits
            && Utf8Parser.TryParse(text, out number, out var used, 'X')
            && used == digits;
    }

    private static bool Next(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        line = line.TrimStart((byte)' ');
        var end = line.IndexOf((byte)' ');
        word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word.Length > 0;
    }
}
