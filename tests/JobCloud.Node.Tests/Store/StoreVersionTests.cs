using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Store;

public sealed class StoreVersionTests : IDisposable
{
    private readonly TestHome _home = new();
    private readonly string _path;

    public StoreVersionTests()
    {
        var paths = _home.Settings().Paths;
        _path = paths.Journal;
        Directory.CreateDirectory(paths.Store);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_new_store_is_marked_and_opens_again()
    {
        await OpenAsync();
        var cloud = Ask("SELECT version || ' ' || cloud_id || ' ' || created FROM jobcloud_store");
        await OpenAsync();
        Assert.Equal(
            cloud,
            Ask("SELECT version || ' ' || cloud_id || ' ' || created FROM jobcloud_store")
        );
        Assert.StartsWith($"{StoreMigrations.Current} ", cloud);
        Assert.Equal("wal", Ask("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task An_empty_file_is_a_new_store()
    {
        await File.WriteAllTextAsync(_path, "");
        await OpenAsync();
        Assert.Equal($"{StoreMigrations.Current}", Ask("SELECT version FROM jobcloud_store"));
    }

    [Fact]
    public async Task A_store_of_a_later_version_is_refused()
    {
        await OpenAsync();
        var (now, later) = (StoreMigrations.Current, StoreMigrations.Current + 1);
        Ask($"UPDATE jobcloud_store SET version = {later}");
        Assert.Equal(
            $"The store (sqlite {_path}) was written by a later version of JobCloud (store "
                + $"version {later}; this program supports {now}); start that one.",
            await RefusedAsync()
        );
    }

    [Fact]
    public async Task A_foreign_database_is_left_unchanged()
    {
        Ask("CREATE TABLE theirs (x)");
        Assert.Contains("contains tables that are not JobCloud's", await RefusedAsync());
        Assert.Equal("1", Ask("SELECT count(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_left_unchanged()
    {
        await File.WriteAllTextAsync(_path, "dear diary");
        Assert.Contains("is not a database", await RefusedAsync());
        Assert.Equal("dear diary", await File.ReadAllTextAsync(_path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_path)!));
    }

    [Fact]
    public async Task A_corrupt_database_is_refused()
    {
        await OpenAsync();
        Ask("PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        var bytes = await File.ReadAllBytesAsync(_path);
        bytes.AsSpan(100).Fill(0x5A);
        await File.WriteAllBytesAsync(_path, bytes);
        Assert.StartsWith($"The store (sqlite {_path}) is damaged: ", await RefusedAsync());
    }

    [Fact]
    public async Task A_directory_at_its_path_is_refused()
    {
        Directory.CreateDirectory(_path);
        Assert.StartsWith($"The store {_path} cannot be opened:", await RefusedAsync());
    }

    private Task<NodeStore> OpenAsync()
    {
        var settings = _home.Settings();
        return NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UnixEpoch,
            CancellationToken.None
        );
    }

    private async Task<string> RefusedAsync() =>
        (await Assert.ThrowsAsync<CannotStartException>(OpenAsync)).Message;

    private string? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
