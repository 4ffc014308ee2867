using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Membership;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>A home whose store is lost, damaged or not its own.</summary>
public sealed class StoreStartTests(SharedStore shared) : IClassFixture<SharedStore>, IDisposable
{
    private readonly TestHome _home = new();

    private HomePaths Paths => new(_home.Path);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_missing_store_is_refused_where_the_index_knows_jobs()
    {
        await SubmitAsync(3);
        Remove(Paths.Journal);
        Assert.Equal(
            $"The store (sqlite {Paths.Journal}) is missing, but this home knows jobs up to 3: "
                + "bring the store back, or start with an empty one: "
                + "jobcloud node start --new-store.",
            await RefusedAsync()
        );
        Assert.False(File.Exists(Paths.Journal));
    }

    [Fact]
    public async Task A_missing_store_is_refused_where_only_files_of_jobs_are_left()
    {
        Directory.CreateDirectory($"{Paths.Attempts}/2");
        await File.WriteAllTextAsync($"{Paths.Attempts}/2/2050.1.out", "kept");
        Assert.Contains("is missing, but this home knows jobs up to 2050:", await RefusedAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_emptied_store_is_refused_and_its_backups_are_named(bool isDatabase)
    {
        await SubmitAsync(1);
        File.Copy(Paths.Journal, $"{Paths.Journal}.bak");
        Remove(Paths.Journal);
        if (isDatabase)
            Execute(Paths.Journal, "CREATE TABLE t (x); DROP TABLE t");
        else
            await File.WriteAllBytesAsync(Paths.Journal, []);
        Assert.Contains(
            $"is empty, but this home knows jobs up to 1: bring the store back (beside it: "
                + $"{Paths.Journal}.bak), or",
            await RefusedAsync()
        );
    }

    [Fact]
    public async Task A_new_store_on_request_keeps_the_old_files_and_reuses_no_jid()
    {
        await SubmitAsync(3);
        await File.WriteAllTextAsync(Paths.NewStoreRequest, "");
        // A new process has no open connections to the old file.
        SqliteConnection.ClearAllPools();
        Assert.Equal(1024, await SubmitAsync(1));
        var kept = Directory.GetFiles(Paths.Store).Select(Path.GetFileName);
        Assert.Contains(kept, name => name!.StartsWith("journal.db.2"));
        Assert.Contains(kept, name => name!.StartsWith("index.db.2"));
        Assert.False(File.Exists(Paths.NewStoreRequest));
        // Only once.
        Assert.Equal(1025, await SubmitAsync(1));
    }

    [Fact]
    public async Task A_store_of_another_home_is_refused()
    {
        await SubmitAsync(2);
        var own = Id(Paths.Journal);
        using var other = new TestHome();
        await SubmitAsync(5, other.Settings());
        Remove(Paths.Journal);
        File.Copy(new HomePaths(other.Path).Journal, Paths.Journal);
        Assert.Equal(
            $"The store (sqlite {Paths.Journal}) has the ID {Id(Paths.Journal)}, but this home "
                + $"knows the jobs of the store {own}: bring that store back, or start with an "
                + "empty one: jobcloud node start --new-store.",
            await RefusedAsync()
        );
    }

    [Fact]
    public async Task An_older_store_is_refused_and_taken_on_request_without_giving_a_jid_again()
    {
        var settings = _home.Settings();
        settings = settings with { Store = settings.Store with { SurvivesPowerLoss = true } };
        await SubmitAsync(3, settings);
        SqliteConnection.ClearAllPools();
        Execute(Paths.Journal, "PRAGMA wal_checkpoint(TRUNCATE)");
        var copy = $"{_home.Path}/earlier.db";
        File.Copy(Paths.Journal, copy);
        Assert.Equal(4, await SubmitAsync(2, settings, rows: 2));
        SqliteConnection.ClearAllPools();
        var known = IndexMemory.Read(Paths.Index);
        Remove(Paths.Journal);
        File.Copy(copy, Paths.Journal);
        Assert.Equal(5, known.HighestJid);

        var refused = await RefusedAsync(settings);
        await File.WriteAllTextAsync(Paths.OlderStoreRequest, "");
        var next = await SubmitAsync(1, settings);

        Assert.StartsWith(
            $"The store (sqlite {Paths.Journal}) is older than the index {Paths.Index}: jobs 1-1023 ",
            refused
        );
        Assert.Contains("jobcloud node start --older-store", refused);
        Assert.True(next > 5, $"{next}");
        Assert.False(File.Exists(Paths.OlderStoreRequest));
        Assert.True(await SubmitAsync(1, settings) > next);
    }

    [Fact]
    public async Task A_missing_index_is_rebuilt()
    {
        await SubmitAsync(3);
        Remove(Paths.Index);
        await using var node = await StartAsync(_home.Settings());
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        await Eventually.HoldsAsync(
            async () => (await client.Cloud.ListAsync(new ListRequest())).Rows.Count == 1,
            "the index lists the submission"
        );
    }

    [Fact]
    public async Task A_truncated_store_is_reported_as_damaged()
    {
        await SubmitAsync(3);
        Execute(Paths.Journal, "PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var file = File.OpenWrite(Paths.Journal))
            file.SetLength(file.Length / 2);
        Assert.Contains($"The store (sqlite {Paths.Journal}) is damaged: ", await RefusedAsync());
    }

    [Fact]
    public async Task Damaged_pages_are_reported_and_end_no_node()
    {
        var settings = _home.Settings();
        // A row so large that most of it lies in pages of its own.
        await SubmitAsync(1, settings, new string('x', 100_000));
        Execute(Paths.Journal, "PRAGMA wal_checkpoint(TRUNCATE)");
        Spoil();
        await using var node = await StartAsync(settings);
        using var client = new GatewayClient(settings.Gateway.Socket);
        var message = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var infos = client.Cloud.Info(
                    new InfoRequest
                    {
                        Jobs = new() { Items = { new SelectionItem { Range = Range(1, 1) } } },
                    }
                );
                try
                {
                    while (await infos.ResponseStream.MoveNext(default)) { }
                    return false;
                }
                catch (Grpc.Core.RpcException e)
                {
                    message = e.Status.Detail;
                    return message.Contains("is damaged");
                }
            },
            "the damage is told"
        );
        Assert.Contains("restore a backup", message);
        Assert.True((await client.Cloud.NodeStatusAsync(new NodeStatusRequest())).Ready);

        // Overwrites the pages of the rows, but not the start of the file with the other tables.
        void Spoil()
        {
            const int Page = 4096;
            const int First = 20 * Page;
            using var file = File.Open(Paths.Journal, FileMode.Open);
            for (var at = First; at < file.Length; at += Page)
            {
                file.Position = at;
                file.Write(Enumerable.Repeat((byte)0x5A, 64).ToArray());
            }
        }
    }

    [PostgreSqlFact]
    public async Task An_emptied_schema_is_refused_where_the_home_knows_jobs()
    {
        var database = shared.NewDatabase();
        var home = shared.NewHome();
        var settings = SharedStore.Settings(home, database);
        await SubmitAsync(3, settings);
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
            await command.ExecuteNonQueryAsync();
        }
        NpgsqlConnection.ClearAllPools();
        Assert.Contains(
            "is empty, but this home knows jobs up to 3:",
            await RefusedAsync(settings)
        );
        await File.WriteAllTextAsync(settings.Paths.NewStoreRequest, "");
        Assert.Equal(1024, await SubmitAsync(1, settings));
    }

    private async Task<long> SubmitAsync(
        long count,
        NodeSettings? settings = null,
        string command = "true",
        int rows = 1
    )
    {
        settings ??= _home.Settings();
        await using var node = await StartAsync(settings);
        using var client = new GatewayClient(settings.Gateway.Socket);
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Command = command, Cores = 1 },
            Count = count,
            IsMap = count > 1,
        };
        var reply = await client.Cloud.SubmitAsync(request);
        await Eventually.HoldsAsync(
            async () => (await client.Cloud.ListAsync(new ListRequest())).Rows.Count >= rows,
            "the index lists the submission"
        );
        return reply.First;
    }

    private async Task<NodeHost> StartAsync(NodeSettings settings) =>
        await NodeHost.StartAsync(settings, _home.NodeLog, default);

    private async Task<string> RefusedAsync(NodeSettings? settings = null)
    {
        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            StartAsync(settings ?? _home.Settings())
        );
        Assert.True(refused.NeedsRepair);
        return refused.Message;
    }

    private static JidRange Range(long first, long last) => new() { First = first, Last = last };

    private static string Id(string journal) =>
        Execute(journal, "SELECT cloud_id FROM jobcloud_store")!;

    private static void Remove(string database)
    {
        SqliteConnection.ClearAllPools();
        foreach (var part in new[] { "", "-wal", "-shm" })
            File.Delete(database + part);
    }

    private static string? Execute(string database, string sql)
    {
        SqliteConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
