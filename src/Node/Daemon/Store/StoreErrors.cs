using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Why the store cannot be used now.</summary>
internal enum StoreFault
{
    /// <summary>It does not answer, or says only that it failed.</summary>
    Unavailable,
    Full,
    ReadOnly,
    NotPermitted,
}

/// <summary>Finds the store's error in an exception. A store's exception wraps that of its
/// connection, and the caller's exception may wrap both.</summary>
internal static class StoreErrors
{
    // https://www.sqlite.org/rescode.html
    private const int SqlitePermission = 3;
    private const int SqliteReadOnly = 8;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;

    /// <summary>The store's exception; null: there is none.</summary>
    public static DbException? Find(Exception e) =>
        Flatten(e).OfType<DbException>().FirstOrDefault();

    /// <summary>Whether the store's error is transient, such as unavailable, starting or full: a
    /// retry may succeed.</summary>
    public static bool IsTransient(Exception e) =>
        Flatten(e).OfType<DbException>().Any(static error => error.IsTransient);

    /// <summary>The fault of the store that an exception tells of; null: it tells of
    /// none.</summary>
    public static StoreFault? FaultOf(Exception e)
    {
        StoreFault? found = null;
        foreach (var error in Flatten(e).OfType<DbException>())
        {
            var fault = FaultOf(error);
            if (fault != StoreFault.Unavailable)
                return fault;
            found = fault;
        }
        return found;
    }

    private static StoreFault FaultOf(DbException error) =>
        error switch
        {
            SqliteException { SqliteErrorCode: SqliteFull }
            or PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StoreFault.Full,
            SqliteException { SqliteErrorCode: SqliteReadOnly }
            or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
                StoreFault.ReadOnly,
            SqliteException { SqliteErrorCode: SqlitePermission or SqliteCannotOpen }
            or PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
                StoreFault.NotPermitted,
            _ => StoreFault.Unavailable,
        };

    /// <summary>An exception and all exceptions inside it.</summary>
    public static IEnumerable<Exception> Flatten(Exception e) =>
        e switch
        {
            AggregateException many => [e, .. many.InnerExceptions.SelectMany(Flatten)],
            { InnerException: { } inner } => [e, .. Flatten(inner)],
            _ => [e],
        };
}
