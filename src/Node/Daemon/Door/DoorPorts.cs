using Akka.Actor;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;

namespace JobCloud.Node.Daemon.Door;

/// <summary>What a door leads to.</summary>
/// <param name="Doorkeeper">Turns what nobody expected into refusals.</param>
public sealed record DoorPorts(
    Tickets Tickets,
    IActorRef Feed,
    CurrentRequests Requests,
    Doorkeeper Doorkeeper,
    DoorSettings Settings
);
