using Akka.Actor;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Submissions;

/// <summary>Starts the submitter of this node.</summary>
internal static class SubmissionsFeature
{
    public static IActorRef Start(ActorSystem system, SubmitterDependencies ports) =>
        system.ActorOf(SubmitterActor.Props(ports), ClusterNames.Submitter);
}
