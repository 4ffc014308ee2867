using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Finds the store's error in an exception. A store's exception wraps that of its
/// connection, and the caller's exception may wrap both.</summary>
internal static class StoreErrors
{
    // https://www.sqlite.org/rescode.html
    private const int SqliteFull = 13;

    /// <summary>The store's exception; null: there is none.</summary>
    public static DbException? Find(Exception e) =>
        Flatten(e).OfType<DbException>().FirstOrDefault();

    /// <summary>Whether the store's error is transient, such as unavailable, starting or full: a
    /// retry may succeed.</summary>
    public static bool IsTransient(Exception e) =>
        Flatten(e).OfType<DbException>().Any(static error => error.IsTransient);

    /// <summary>Whether the store's disk is full.</summary>
    public static bool IsFull(Exception e) =>
        Flatten(e)
            .Any(static error =>
                error
                    is SqliteException { SqliteErrorCode: SqliteFull }
                        or PostgresException { SqlState: PostgresErrorCodes.DiskFull }
            );

    /// <summary>An exception and all exceptions inside it.</summary>
    public static IEnumerable<Exception> Flatten(Exception e) =>
        e switch
        {
            AggregateException many => [e, .. many.InnerExceptions.SelectMany(Flatten)],
            { InnerException: { } inner } => [e, .. Flatten(inner)],
            _ => [e],
        };
}
