using System.Net;
using FsCheck.Xunit;
using JobCloud.Protocol.Ports;

namespace JobCloud.Protocol.Tests.Ports;

public sealed class PortReachabilityTests
{
    [Theory]
    [InlineData("0.0.0.0", "host.lan", "host.lan")]
    [InlineData("::", "host.lan", "host.lan")]
    [InlineData("::", "127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "localhost", "localhost")]
    [InlineData("10.1.2.3", "host.lan", "10.1.2.3")]
    [InlineData("127.0.0.53", "host.lan", "127.0.0.53")]
    [InlineData("::1", "host.lan", "::1")]
    public void The_address_for_clients_is_reachable(string bound, string node, string expected) =>
        Assert.Equal(expected, PortReachability.Address(IPAddress.Parse(bound), node));

    [Fact]
    public void A_socket_that_more_clients_reach_has_a_lower_rank()
    {
        string[] bestFirst = ["0.0.0.0", "10.1.2.3", "127.0.0.1"];
        var ranks = bestFirst.Select(IPAddress.Parse).Select(PortReachability.Rank).ToArray();

        Assert.Equal(ranks.Order(), ranks);
        Assert.Equal(ranks[0], PortReachability.Rank(IPAddress.IPv6Any));
        Assert.Equal(ranks[2], PortReachability.Rank(IPAddress.IPv6Loopback));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "::1,127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("10.0.2.100", "10.0.2.100")]
    public void The_targets_in_a_namespace_match_the_bound_address(string bound, string at) =>
        Assert.Equal(
            at.Split(',').Select(IPAddress.Parse),
            PortReachability.Targets(IPAddress.Parse(bound))
        );

    [Theory]
    [InlineData("42000-42999", 42000, 42999)]
    [InlineData("1-65535", 1, 65535)]
    [InlineData("7-7", 7, 7)]
    public void A_range_is_parsed(string text, int first, int last)
    {
        var range = PortRange.Parse(text);

        Assert.Equal(new PortRange(first, last), range);
        Assert.Equal(text, range.ToString());
        Assert.Equal(last - first + 1, range!.Value.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42000")]
    [InlineData("42999-42000")]
    [InlineData("0-10")]
    [InlineData("1-65536")]
    [InlineData("1-2-3")]
    [InlineData("a-b")]
    [InlineData("-1-5")]
    public void An_invalid_range_is_not_parsed(string text) => Assert.Null(PortRange.Parse(text));

    [Property]
    public void A_range_round_trips(ushort a, ushort b)
    {
        var range = new PortRange(Math.Min(a, b), Math.Max(a, b));

        Assert.Equal(range.First > 0 ? range : null, PortRange.Parse(range.ToString()));
    }
}
