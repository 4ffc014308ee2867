using System.Net;

namespace JobCloud.Protocol.Ports;

/// <summary>The reachability of bound sockets.</summary>
public static class PortReachability
{
    private static readonly IPAddress[] EitherLoopback =
    [
        IPAddress.IPv6Loopback,
        IPAddress.Loopback,
    ];

    /// <summary>Ranks a socket: bound to all addresses, to one, to loopback. A lower rank reaches
    /// more clients.</summary>
    public static int Rank(IPAddress bound) =>
        IsAny(bound) ? 0
        : IPAddress.IsLoopback(bound) ? 2
        : 1;

    /// <summary>The address that clients connect to.</summary>
    /// <param name="node">The node's address for clients.</param>
    public static string Address(IPAddress bound, string node) =>
        IsAny(bound) ? node : bound.ToString();

    /// <summary>Addresses to try, in this order, from inside the socket's network namespace. A
    /// socket bound to all IPv6 addresses usually accepts IPv4 too, and a namespace may have only
    /// one of the two.</summary>
    public static IReadOnlyList<IPAddress> Targets(IPAddress bound) =>
        bound.Equals(IPAddress.Any) ? [IPAddress.Loopback]
        : bound.Equals(IPAddress.IPv6Any) ? EitherLoopback
        : [bound];

    private static bool IsAny(IPAddress bound) =>
        bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any);
}
