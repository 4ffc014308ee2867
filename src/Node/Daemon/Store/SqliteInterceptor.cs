using System.Data.Common;
using LinqToDB.Interceptors;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Sets the pragmas that a connection string cannot, on each connection of the
/// journal.</summary>
internal sealed class SqliteInterceptor(bool survivesPowerLoss) : ConnectionInterceptor
{
    private readonly string _pragmas =
        $"PRAGMA busy_timeout=5000; PRAGMA synchronous={(survivesPowerLoss ? "FULL" : "NORMAL")};";

    /// <summary>
    /// Yields once: SQLite's asynchronous methods never yield, and without it the journal's stream
    /// would finish each write before accepting the next and never batch.
    /// </summary>
    public override async Task ConnectionOpeningAsync(
        ConnectionEventData eventData,
        DbConnection connection,
        CancellationToken cancellationToken
    ) => await Task.Yield();

    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        ConnectionEventData eventData,
        DbConnection connection,
        CancellationToken cancellationToken
    )
    {
        ConnectionOpened(eventData, connection);
        return Task.CompletedTask;
    }
}
