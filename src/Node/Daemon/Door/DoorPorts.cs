using Akka.Actor;
using JobCloud.Node.Daemon.Calls;

namespace JobCloud.Node.Daemon.Door;

/// <summary>What a door leads to.</summary>
internal sealed record DoorPorts(
    Tickets Tickets,
    IActorRef Feed,
    Dispatcher Calls,
    DoorSettings Settings
);
