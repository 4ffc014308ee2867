using Akka.Actor;
using JobCloud.Node.Daemon.Gateway;

namespace JobCloud.Node.Daemon.Door;

/// <summary>What the feed is made from.</summary>
/// <param name="Index">This node's: tells what its segments say.</param>
/// <param name="Requests">Asked for nodes, and for what jobs use.</param>
public sealed record FeedPorts(
    IActorRef Index,
    CurrentRequests Requests,
    FeedSettings Feed,
    DoorSettings Door,
    TimeProvider Clock
);
