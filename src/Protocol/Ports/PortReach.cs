using System.Net;

namespace JobCloud.Protocol.Ports;

/// <summary>From where a socket can be reached, and by what address.</summary>
public static class PortReach
{
    private static readonly IPAddress[] EitherLoopback =
    [
        IPAddress.IPv6Loopback,
        IPAddress.Loopback,
    ];

    /// <summary>The lower, the more clients reach it: bound to all addresses, to one, to
    /// loopback.</summary>
    public static int Rank(IPAddress bound) =>
        IsAny(bound) ? 0
        : IPAddress.IsLoopback(bound) ? 2
        : 1;

    /// <summary>What a client calls.</summary>
    /// <param name="node">What clients call the node.</param>
    public static string Address(IPAddress bound, string node) =>
        IsAny(bound) ? node : bound.ToString();

    /// <summary>Whether a port that stands in for this one must be open to other
    /// machines.</summary>
    public static bool IsForOthers(IPAddress bound, string node) =>
        !IPAddress.IsLoopback(bound) && !IsLoopback(node);

    /// <summary>Where to connect to it from inside its own network namespace, to be tried in this
    /// order. A socket bound to all of IPv6 nearly always takes IPv4 too, and a namespace may have
    /// but one of them.</summary>
    public static IReadOnlyList<IPAddress> Targets(IPAddress bound) =>
        bound.Equals(IPAddress.Any) ? [IPAddress.Loopback]
        : bound.Equals(IPAddress.IPv6Any) ? EitherLoopback
        : [bound];

    private static bool IsAny(IPAddress bound) =>
        bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any);

    private static bool IsLoopback(string node) =>
        node == "localhost" || (IPAddress.TryParse(node, out var ip) && IPAddress.IsLoopback(ip));
}
