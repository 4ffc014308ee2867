using Akka.Actor;
using Akka.Pattern;

namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// Restarts a persistent singleton: Akka stops a persistent actor when the store fails to read or
/// write, and does not restart a stopped singleton while its node runs.
/// </summary>
internal static class SingletonSupervisor
{
    /// <summary>Pause before a failed read is retried; doubled each time, up to
    /// <see cref="StoreSettings.WriteWithin"/>.</summary>
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMilliseconds(200);

    private const string Child = "kept";

    /// <param name="persistent">The actor to keep running; the supervisor forwards messages to it
    /// while it runs.</param>
    /// <param name="first">The pause before the restart; doubled each time.</param>
    /// <param name="longest">The longest pause.</param>
    public static Props Props(Props persistent, TimeSpan first, TimeSpan longest) =>
        BackoffSupervisor.Props(
            Backoff.OnStop(persistent, Child, first, longest, randomFactor: 0, maxNrOfRetries: -1)
        );

    /// <summary>Uses the pauses of the store's settings.</summary>
    public static Props Props(Props persistent, StoreSettings store) =>
        Props(persistent, ReadAgainAfter, store.WriteWithin);
}
