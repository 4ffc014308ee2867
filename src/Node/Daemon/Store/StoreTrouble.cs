using System.Data.Common;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Finds the store's error in an exception. A store's exception wraps that of its
/// connection, and the caller's exception may wrap both.</summary>
internal static class StoreTrouble
{
    /// <summary>The store's exception; null: there is none.</summary>
    public static DbException? In(Exception e) => Within(e).OfType<DbException>().FirstOrDefault();

    /// <summary>Whether the store's error is transient, such as unavailable, starting or full: a
    /// retry may succeed.</summary>
    public static bool Passes(Exception e) =>
        Within(e).OfType<DbException>().Any(static error => error.IsTransient);

    /// <summary>An exception and all exceptions inside it.</summary>
    public static IEnumerable<Exception> Within(Exception e) =>
        e switch
        {
            AggregateException many => [e, .. many.InnerExceptions.SelectMany(Within)],
            { InnerException: { } inner } => [e, .. Within(inner)],
            _ => [e],
        };
}
