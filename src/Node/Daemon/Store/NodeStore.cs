using System.Data.Common;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Homes;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The store: connections to it for Akka.Persistence and for the node's own
/// statements.</summary>
internal sealed class NodeStore
{
    private readonly Func<DbConnection> _connect;

    private NodeStore(string description, DataOptions journal, Func<DbConnection> connect) =>
        (Description, Journal, _connect) = (description, journal, connect);

    /// <summary>The kind of store and its place, for messages.</summary>
    public string Description { get; }

    /// <summary>The options for the journal plugin.</summary>
    public DataOptions Journal { get; }

    /// <summary>Opens the store, and checks that it is a JobCloud store and not of a later
    /// version.</summary>
    /// <exception cref="CannotStartException">The check failed, or the store cannot be
    /// opened.</exception>
    public static async Task<NodeStore> OpenAsync(
        StoreSettings settings,
        HomePaths paths,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var sqlite = settings.Provider == StoreProvider.Sqlite;
        var store = sqlite ? Embedded(settings, paths) : Shared(settings);
        if (sqlite)
            await SqliteFile.PrepareAsync(paths.Journal, store._connect, cancel);
        var tables = sqlite ? StoreTables.Sqlite : StoreTables.PostgreSql;
        await StoreVersion.MarkOrCheckAsync(store, tables, now, cancel);
        return store;
    }

    /// <summary>An open connection; the caller disposes of it.</summary>
    public async Task<DbConnection> ConnectAsync(CancellationToken cancel)
    {
        var connection = _connect();
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NodeStore Embedded(StoreSettings settings, HomePaths paths)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = paths.Journal,
            Mode = SqliteOpenMode.ReadWriteCreate,
        }.ToString();
        return new NodeStore(
            $"sqlite {paths.Journal}",
            new DataOptions()
                .UseConnectionString(ProviderName.SQLiteMS, connectionString)
                .UseInterceptor(new SqliteInterceptor(settings.SurvivesPowerLoss)),
            () => new SqliteConnection(connectionString)
        );
    }

    private static NodeStore Shared(StoreSettings settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.Connection);
        if (!settings.SurvivesPowerLoss)
            connection.Options = $"{connection.Options} -c synchronous_commit=off".Trim();
        return new NodeStore(
            $"postgresql {connection.Host}/{connection.Database}",
            new DataOptions().UseConnectionString(
                ProviderName.PostgreSQL15,
                connection.ConnectionString
            ),
            () => new NpgsqlConnection(connection.ConnectionString)
        );
    }
}
