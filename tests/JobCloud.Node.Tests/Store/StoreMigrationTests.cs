using System.Data.Common;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Membership;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Store;

/// <summary>Stores of earlier versions.</summary>
public sealed class StoreMigrationTests(SharedStore shared)
    : IClassFixture<SharedStore>,
        IDisposable
{
    /// <summary>What version 1 wrote: jobs 1-7, of which 6 is deleted, and the environment
    /// tex.</summary>
    private static readonly string Version1 = SourceTree.PathOf(
        "tests/JobCloud.Node.Tests/Store/Version1/journal.db"
    );

    /// <summary>All tables and indexes.</summary>
    private const string Schema = """
        SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY 1)
        """;

    private static readonly string Newest = $"{StoreMigrations.Current}";

    private readonly TestHome _home = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _home.Dispose();
    }

    [Fact]
    public void Each_version_has_one_migration() =>
        Assert.Equal(
            Enumerable.Range(1, StoreMigrations.Current),
            StoreMigrations.All.Select(static migration => migration.Version)
        );

    [Fact]
    public async Task A_store_of_version_1_opens_with_its_jobs()
    {
        var settings = _home.Settings();
        Directory.CreateDirectory(settings.Paths.Store);
        File.Copy(Version1, settings.Paths.Journal);
        await using var node = await NodeHost.StartAsync(settings, _home.NodeLog, default);
        using var client = new GatewayClient(settings.Gateway.Socket);
        var rows = new List<JobRow>();
        await Eventually.HoldsAsync(
            async () =>
            {
                rows = [.. (await client.Cloud.ListAsync(new ListRequest())).Rows];
                return rows.Count == 4;
            },
            "the index lists what is not deleted"
        );
        Assert.Equal(
            ["sleep 0", "sh -c 'exit 4'", "echo {f}", "echo hello"],
            rows.Select(static row => row.Command)
        );
        var definitions = await client.Cloud.DefinitionsAsync(
            new DefinitionsRequest { Kind = DefinitionKind.Environment }
        );
        Assert.Contains(definitions.Definitions, static one => one.Environment?.Name == "tex");
        Assert.Equal(Newest, Ask(settings.Paths.Journal, "SELECT version FROM jobcloud_store"));
    }

    [Fact]
    public async Task A_migrated_store_equals_a_new_one()
    {
        await OpenAsync();
        var fresh = Ask(Journal, Schema);
        Assert.Equal("2", Ask(Journal, "PRAGMA auto_vacuum"));
        SqliteConnection.ClearAllPools();
        File.Copy(Version1, Journal, overwrite: true);
        Assert.Equal("0", Ask(Journal, "PRAGMA auto_vacuum"));
        await OpenAsync();
        Assert.Equal(fresh, Ask(Journal, Schema));
        Assert.Equal("2", Ask(Journal, "PRAGMA auto_vacuum"));
        Assert.Equal(Newest, Ask(Journal, "SELECT version FROM jobcloud_store"));
        Assert.Equal("27", Ask(Journal, "SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_store_as_it_was()
    {
        Directory.CreateDirectory(_home.Settings().Paths.Store);
        File.Copy(Version1, Journal);
        // The second table of the migration exists already.
        Ask(Journal, "CREATE TABLE blob_refs (theirs)");
        await Assert.ThrowsAsync<CannotStartException>(OpenAsync);
        Assert.Equal("1", Ask(Journal, "SELECT version FROM jobcloud_store"));
        Assert.Equal(
            "0",
            Ask(Journal, "SELECT count(*) FROM sqlite_master WHERE name IN ('blobs', 'blob_parts')")
        );
        Ask(Journal, "DROP TABLE blob_refs");
        await OpenAsync();
        Assert.Equal(Newest, Ask(Journal, "SELECT version FROM jobcloud_store"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(", run_as TEXT NOT NULL DEFAULT ''", "nobody")]
    public async Task A_store_of_version_2_keeps_its_tokens_drains_and_denials(
        string newest,
        string runAs
    )
    {
        await OpenAsync();
        var fresh = Ask(Journal, Schema);
        SqliteConnection.ClearAllPools();
        // As nodes of version 2 created them; early tables of tokens had no accounts.
        Ask(
            Journal,
            $"""
            DROP TABLE tokens; DROP TABLE denials;
            CREATE TABLE tokens (name TEXT PRIMARY KEY, hash TEXT NOT NULL, holder TEXT NOT NULL,
                role INTEGER NOT NULL, created BIGINT NOT NULL, creator TEXT NOT NULL,
                expires BIGINT NOT NULL, revoked BIGINT NOT NULL{newest});
            INSERT INTO tokens VALUES
                ('t', 'h', 'ann', 1, 2, 'root', 3, 4{(runAs.Length > 0 ? $", '{runAs}'" : "")});
            INSERT INTO drains VALUES ('n1', 'ann', 'disk', 5, 6);
            UPDATE jobcloud_store SET version = 2;
            """
        );
        await OpenAsync();
        Assert.Equal(Newest, Ask(Journal, "SELECT version FROM jobcloud_store"));
        Assert.Equal(fresh, Ask(Journal, Schema));
        Assert.Equal(
            $"t h ann 12 root 34 {runAs}",
            Ask(
                Journal,
                """
                SELECT name || ' ' || hash || ' ' || holder || ' ' || role || created || ' '
                    || creator || ' ' || expires || revoked || ' ' || run_as FROM tokens
                """
            )
        );
        Assert.Equal("disk", Ask(Journal, "SELECT reason FROM drains"));
    }

    [PostgreSqlFact]
    public async Task A_shared_store_of_version_2_keeps_its_tables()
    {
        var database = shared.NewDatabase();
        var store = await shared.StoreAsync(database);
        await AskAsync(
            store,
            """
            ALTER TABLE tokens DROP COLUMN run_as;
            ALTER TABLE nodes DROP COLUMN place;
            INSERT INTO tokens VALUES ('t', 'h', 'ann', 1, 2, 'root', 3, 4);
            INSERT INTO outputs VALUES (1, 1, 1, 0, 3, 9, 3, 'abc');
            DROP TABLE denials;
            UPDATE jobcloud_store SET version = 2;
            """
        );
        store = await shared.StoreAsync(database);
        Assert.Equal(Newest, await AskAsync(store, "SELECT version FROM jobcloud_store"));
        Assert.Equal("ann", await AskAsync(store, "SELECT holder || run_as FROM tokens"));
        Assert.Equal("1", await AskAsync(store, "SELECT count(*) FROM outputs"));
        Assert.Equal("0", await AskAsync(store, "SELECT count(place) FROM nodes"));
        Assert.Equal("0", await AskAsync(store, "SELECT count(*) FROM denials"));
    }

    [PostgreSqlFact]
    public async Task Nodes_that_start_together_migrate_a_shared_store_once()
    {
        var database = shared.NewDatabase();
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText =
                StoreMigrations.All[0].PostgreSql
                + "INSERT INTO jobcloud_store VALUES (1, 'a-store', '2026-11-30T00:00:00Z')";
            await command.ExecuteNonQueryAsync();
        }
        var stores = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => shared.StoreAsync(database))
        );
        Assert.All(stores, static store => Assert.Equal("a-store", store.Id));
        Assert.Equal(Newest, await AskAsync(stores[0], "SELECT version FROM jobcloud_store"));
        Assert.Equal("0", await AskAsync(stores[0], "SELECT count(*) FROM blob_parts"));
    }

    private string Journal => _home.Settings().Paths.Journal;

    private async Task OpenAsync()
    {
        var settings = _home.Settings();
        Directory.CreateDirectory(settings.Paths.Store);
        await NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UnixEpoch,
            CancellationToken.None
        );
    }

    private static async Task<string?> AskAsync(NodeStore store, string sql)
    {
        await using DbConnection connection = await store.ConnectAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static string? Ask(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
