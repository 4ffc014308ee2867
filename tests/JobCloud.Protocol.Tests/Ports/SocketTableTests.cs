using System.Net;
using System.Text;
using FsCheck.Xunit;
using JobCloud.Protocol.Ports;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Ports;

public sealed class SocketTableTests
{
    private const string Heading =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    // As printed on a little-endian machine.
    private const string Tcp =
        Heading
        + "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 65437 1 0000000000000000 100 0 0 10 0                     \n"
        + "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234567 1 0000000000000000 100 0 0 10 0\n"
        + "   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 65440 1 0000000000000000 20 4 30 10 -1\n"
        + "   3: 0100007F:1F91 0100007F:C351 06 00000000:00000000 03:00000D6C 00000000     0        0 0 3 0000000000000000\n";

    private const string Tcp6 =
        Heading
        + "   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0000000000000000 100 0 0 10 0\n"
        + "   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 78 1 0000000000000000 100 0 0 10 0\n"
        + "   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 79 1 0000000000000000 100 0 0 10 0\n"
        + "   3: B80D01200000000000000000EFCDAB89:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 80 1 0000000000000000 100 0 0 10 0\n";

    private const string Udp =
        "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            \n"
        + " 6345: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 20001 2 0000000000000000 0         \n"
        + " 6346: 0100007F:0036 0100007F:0037 01 00000000:00000000 00:00000000 00000000   101        0 20002 2 0000000000000000 0         \n"
        + " 6347: 00000000:0000 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 20003 2 0000000000000000 0         \n";

    [Fact]
    public void Only_listening_TCP_sockets_are_found() =>
        Assert.Equal(
            [
                new(Transport.Tcp, IPAddress.Loopback, 8080, 65437),
                new(Transport.Tcp, IPAddress.Any, 22, 1234567),
            ],
            Parse(Tcp, Transport.Tcp)
        );

    [Fact]
    public void IPv6_addresses_are_parsed_and_mapped_ones_become_IPv4() =>
        Assert.Equal(
            [
                new(Transport.Tcp, IPAddress.IPv6Any, 8080, 77),
                new(Transport.Tcp, IPAddress.IPv6Loopback, 8081, 78),
                new(Transport.Tcp, IPAddress.Loopback, 8082, 79),
                new(Transport.Tcp, IPAddress.Parse("2001:db8::89ab:cdef"), 8083, 80),
            ],
            Parse(Tcp6, Transport.Tcp)
        );

    [Fact]
    public void Only_UDP_sockets_with_a_port_and_no_peer_are_found() =>
        Assert.Equal(
            [new(Transport.Udp, IPAddress.Loopback, 53, 20001)],
            Parse(Udp, Transport.Udp)
        );

    [Property]
    public void Any_socket_in_kernel_format_is_parsed(
        byte[] octets,
        ushort port,
        uint inode,
        bool six
    )
    {
        var bytes = octets.Concat(new byte[16]).Take(six ? 16 : 4).ToArray();
        var words = Enumerable
            .Range(0, bytes.Length / 4)
            .Select(i => $"{BitConverter.ToUInt32(bytes, 4 * i):X8}");
        var line =
            $"   0: {string.Concat(words)}:{port:X4} 0:0 0A 0:0 00:0 0     0        0 {inode} 1";
        var address = new IPAddress(bytes);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        var read = Parse($"{Heading}{line}", Transport.Tcp);

        Assert.Equal(port == 0 ? [] : [new(Transport.Tcp, address, port, inode)], read);
    }

    [Property(Arbitrary = [typeof(Generators)])]
    public void Any_text_is_parsed_without_an_exception(Scrap scrap, int cut)
    {
        Assert.NotNull(Parse(scrap.Text, Transport.Tcp));
        var part = Tcp6[..(int)((uint)cut % (uint)Tcp6.Length)];
        Assert.True(Parse(part, Transport.Tcp).Count <= 4);
        Assert.NotNull(Parse(part + scrap.Text, Transport.Udp));
    }

    private static List<BoundSocket> Parse(string text, Transport transport) =>
        SocketTable.Parse(Encoding.UTF8.GetBytes(text), transport);
}
