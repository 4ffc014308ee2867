using System.Data.Common;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Testing;
using Npgsql;

namespace JobCloud.Node.Tests.Membership;

/// <summary>A shared store that is away or read-only for a while.</summary>
public sealed class StoreOutageTests : IDisposable
{
    private readonly SharedStore _stores = new();

    public void Dispose() => _stores.Dispose();

    [PostgreSqlFact]
    public async Task A_claim_fails_at_once_while_the_store_is_unavailable()
    {
        var store = await _stores.StoreAsync(_stores.NewDatabase());
        var registry = new NodeRegistry(store);
        var self = new NodeIdentity("a", "akka.ssl.tcp://jobcloud@a:1", Session: 1, ["control"]);
        await registry.RegisterAsync(self, default);
        var table = new ClaimTable(store, self, TimeSpan.FromHours(1));
        await table.OpenAsync(default);
        await using var claims = new ClaimStore(
            table,
            new NodeLog(TextWriter.Null, LogLevel.Info, TimeProvider.System)
        );
        var key = new RequestKey("ann", "t");
        await claims.AcquireAsync(key, default);

        _stores.Server.Stop();
        await Assert.ThrowsAnyAsync<DbException>(() => claims.AcquireAsync(key, default));
        _stores.Server.Restart();
    }

    [PostgreSqlFact]
    public async Task Connections_from_the_time_when_the_store_was_read_only_are_dropped()
    {
        var database = _stores.NewDatabase();
        await ExecuteAsync(database, "CREATE TABLE t (n INTEGER)");
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await ExecuteAsync(
            _stores.Server.Connection,
            $"ALTER DATABASE {name} SET default_transaction_read_only = on"
        );
        NpgsqlConnection.ClearAllPools();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(database));
        Assert.Equal(StoreFault.ReadOnly, StoreErrors.FaultOf(refused));
        await ExecuteAsync(
            _stores.Server.Connection,
            $"ALTER DATABASE {name} SET default_transaction_read_only = off"
        );
        await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(database));

        StorePools.Note(new InvalidOperationException("the journal failed", refused));

        await InsertAsync(database);
    }

    private static Task InsertAsync(string database) =>
        ExecuteAsync(database, "INSERT INTO t VALUES (1)");

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
