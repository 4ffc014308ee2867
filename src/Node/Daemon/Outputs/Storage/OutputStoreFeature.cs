using Akka.Actor;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>Starts the actor that keeps outputs in the store.</summary>
internal static class OutputStoreFeature
{
    /// <summary>Returns null if outputs are not kept in the store.</summary>
    public static IActorRef? StartKeeper(
        ActorSystem system,
        OutputStore? store,
        HomePaths paths,
        OutputStoreSettings settings,
        TimeProvider clock
    ) =>
        store is null
            ? null
            : system.ActorOf(
                OutputKeeper.Props(store, new AttemptChunks(paths, settings), settings, clock),
                "keeper"
            );
}
