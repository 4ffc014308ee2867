using System.Data.Common;

namespace JobCloud.Node.Daemon.Store;

/// <summary>What an exception says of the store. A store's exception wraps that of its connection,
/// and is itself wrapped by who asked for it.</summary>
internal static class StoreTrouble
{
    /// <summary>The store's own; null: it is not about the store.</summary>
    public static DbException? In(Exception e) => Within(e).OfType<DbException>().FirstOrDefault();

    /// <summary>The store is away, starting, full: what was asked of it may succeed
    /// later.</summary>
    public static bool Passes(Exception e) =>
        Within(e).OfType<DbException>().Any(static trouble => trouble.IsTransient);

    /// <summary>An exception and all that it wraps.</summary>
    public static IEnumerable<Exception> Within(Exception e) =>
        e switch
        {
            AggregateException many => [e, .. many.InnerExceptions.SelectMany(Within)],
            { InnerException: { } inner } => [e, .. Within(inner)],
            _ => [e],
        };
}
