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

    private NodeStore(StorePlace place, DataOptions journal, Func<DbConnection> connect) =>
        (Place, Journal, _connect) = (place, journal, connect);

    public StorePlace Place { get; }

    /// <summary>The kind of store and its place, for messages.</summary>
    public string Description => Place.Description;

    /// <summary>Distinguishes this store from all others.</summary>
    public string Id { get; private set; } = "";

    /// <summary>The options for the journal plugin.</summary>
    public DataOptions Journal { get; }

    /// <summary>Opens the store, and checks that it is the store of this home, and not of a later
    /// version. A store of an earlier version is brought to this one.</summary>
    /// <param name="expected">Null: any store is accepted.</param>
    /// <param name="say">Receives what takes long.</param>
    /// <exception cref="CannotStartException">The check failed, or the store cannot be
    /// opened.</exception>
    public static async Task<NodeStore> OpenAsync(
        StoreSettings settings,
        HomePaths paths,
        DateTimeOffset now,
        CancellationToken cancel,
        StoreExpectation? expected = null,
        Action<string>? say = null
    )
    {
        expected ??= StoreExpectation.None;
        var sqlite = settings.Provider == StoreProvider.Sqlite;
        var store = sqlite ? Embedded(settings, paths) : Shared(settings, paths);
        if (sqlite)
        {
            // Opening a missing database would delete the log that belongs to it.
            if (SqliteFile.IsEmpty(paths.Journal))
                StoreVersion.Check(store.Place, id: null, expected);
            await SqliteFile.PrepareAsync(store.Place, store._connect, cancel);
        }
        var tables = sqlite ? StoreTables.Sqlite : StoreTables.PostgreSql;
        store.Id = await StoreVersion.MarkOrCheckAsync(
            store,
            tables,
            expected,
            paths.Index,
            now,
            cancel
        );
        if (sqlite)
        {
            await using var connection = await store.ConnectAsync(cancel);
            await SqliteSpace.AllowShrinkingAsync(
                store.Place,
                connection,
                say ?? (static _ => { }),
                cancel
            );
        }
        return store;
    }

    /// <summary>The store that the settings name, as it is: for reading.</summary>
    public static NodeStore Unchecked(StoreSettings settings, HomePaths paths) =>
        settings.Provider == StoreProvider.Sqlite
            ? Embedded(settings, paths)
            : Shared(settings, paths);

    /// <summary>The place that the settings name.</summary>
    public static StorePlace PlaceOf(StoreSettings settings, HomePaths paths)
    {
        if (settings.Provider == StoreProvider.Sqlite)
            return new($"sqlite {paths.Journal}", paths.Journal);
        var connection = new NpgsqlConnectionStringBuilder(settings.Connection);
        return new($"postgresql {connection.Host}/{connection.Database}", null);
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

    /// <summary>An open connection that overwrites what it deletes; the caller disposes of it. It
    /// does not wait for locks of an embedded store to empty the log.</summary>
    public async Task<DbConnection> ConnectToEraseAsync(CancellationToken cancel)
    {
        if (Place.DatabaseFile is not { } file)
            return await ConnectAsync(cancel);
        // Pooled connections would keep the pragmas.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        try
        {
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            // After a power loss the same rows are deleted again.
            command.CommandText = "PRAGMA secure_delete=ON; PRAGMA synchronous=NORMAL;";
            await command.ExecuteNonQueryAsync(cancel);
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
            PlaceOf(settings, paths),
            new DataOptions()
                .UseConnectionString(ProviderName.SQLiteMS, connectionString)
                .UseInterceptor(new SqliteInterceptor(settings.SurvivesPowerLoss)),
            () => new SqliteConnection(connectionString)
        );
    }

    private static NodeStore Shared(StoreSettings settings, HomePaths paths)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.Connection);
        if (!settings.SurvivesPowerLoss)
            connection.Options = $"{connection.Options} -c synchronous_commit=off".Trim();
        return new NodeStore(
            PlaceOf(settings, paths),
            new DataOptions().UseConnectionString(
                ProviderName.PostgreSQL15,
                connection.ConnectionString
            ),
            () => new NpgsqlConnection(connection.ConnectionString)
        );
    }
}
