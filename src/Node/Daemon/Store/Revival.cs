using Akka.Actor;
using Akka.Pattern;

namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// Keeps a persistent singleton in being: Akka stops a persistent actor that the store did not let
/// read or write, and a singleton that has stopped is not started again as long as its node lives.
/// </summary>
internal static class Revival
{
    private const string Child = "kept";

    /// <param name="persistent">Those who send to the result reach it, but for the time that it is
    /// away.</param>
    /// <param name="first">The pause before it is started again; doubled each time.</param>
    /// <param name="longest">And no longer than this.</param>
    public static Props Props(Props persistent, TimeSpan first, TimeSpan longest) =>
        BackoffSupervisor.Props(
            Backoff.OnStop(persistent, Child, first, longest, randomFactor: 0, maxNrOfRetries: -1)
        );

    /// <summary>As long as this store may be away.</summary>
    public static Props Props(Props persistent, StoreSettings store) =>
        Props(persistent, store.ReadAgainAfter, store.WriteWithin);
}
