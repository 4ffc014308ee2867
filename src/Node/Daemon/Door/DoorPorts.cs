using Akka.Actor;
using JobCloud.Node.Daemon.Calls;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Dependencies of the client gateway.</summary>
internal sealed record DoorPorts(
    Tickets Tickets,
    IActorRef Feed,
    Dispatcher Calls,
    DoorSettings Settings
);
