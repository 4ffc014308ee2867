using Akka.Actor;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Dependencies of the feed.</summary>
/// <param name="Index">This node's index, which passes on the changes of its segments.</param>
internal sealed record FeedPorts(
    IActorRef Index,
    Looks Looks,
    FeedSettings Feed,
    DoorSettings Door,
    TimeProvider Clock
);
