using Akka.Actor;

namespace JobCloud.Node.Daemon.Door;

/// <summary>What the feed is made from.</summary>
/// <param name="Index">This node's: tells what its segments say.</param>
internal sealed record FeedPorts(
    IActorRef Index,
    Looks Looks,
    FeedSettings Feed,
    DoorSettings Door,
    TimeProvider Clock
);
