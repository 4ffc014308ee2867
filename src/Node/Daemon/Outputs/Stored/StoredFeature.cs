using Akka.Actor;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs.Stored;

/// <summary>Starts the actor that keeps outputs in the store.</summary>
internal static class StoredFeature
{
    /// <summary>Returns null if outputs are not kept in the store.</summary>
    public static IActorRef? StartKeeper(
        ActorSystem system,
        StoredOutputs? store,
        HomePaths paths,
        StoredSettings settings,
        TimeProvider clock
    ) =>
        store is null
            ? null
            : system.ActorOf(
                OutputKeeper.Props(store, new AttemptParts(paths, settings), settings, clock),
                "keeper"
            );
}
