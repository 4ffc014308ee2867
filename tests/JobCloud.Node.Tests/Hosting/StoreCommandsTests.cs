using System.Text;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.StoreCommands;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>Backup, restore, check, export and figures of the store with the jobs 1-7 of
/// <c>Version1/journal.db</c>.</summary>
public sealed class StoreCommandsTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);

    private readonly TestHome _home = new();
    private readonly TestHome _other = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-backup-").FullName;

    private HomePaths Paths => new(_home.Path);
    private string Backup => $"{_folder}/backup.tar";

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _home.Dispose();
        _other.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_backup_under_load_restores_elsewhere_to_the_same_cloud()
    {
        var settings = await StartAsync(_home, out var starting);
        BackupManifest manifest;
        List<JobRow> before;
        await using (await starting)
        {
            using var client = new GatewayClient(settings.Gateway.Socket);
            Directory.CreateDirectory($"{Paths.Attempts}/0");
            await File.WriteAllTextAsync($"{Paths.Attempts}/0/1.1.out", "hello\n");
            await SubmitAsync(client);
            before = await RowsAsync(client, 5);
            using var stop = new CancellationTokenSource();
            var load = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                    await SubmitAsync(client);
            });
            manifest = await new StoreBackup(Paths, _ => { }).WriteAsync(Backup, Now, default);
            await stop.CancelAsync();
            await load;
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        Assert.Single(Directory.GetFiles(_folder));

        var (_, next) = await RestoreAsync(_other.Path);

        Assert.Equal("hello\n", await File.ReadAllTextAsync($"{_other.Path}/attempts/0/1.1.out"));
        Assert.False(File.Exists($"{_other.Path}/node.id"));
        var restored = _other.Settings();
        await using var node = await NodeHost.StartAsync(restored, _other.NodeLog, default);
        using var there = new GatewayClient(restored.Gateway.Socket);
        var rows = await RowsAsync(there, before.Count);
        Assert.Equal(
            before.Select(row => (row.First, row.Last, row.Command)),
            rows.TakeLast(before.Count).Select(row => (row.First, row.Last, row.Command))
        );
        var first = await SubmitAsync(there);
        Assert.True(first >= next, $"{first} {next}");
        Assert.True(first > manifest.HighestJid + StoreAge.JidMargin);
    }

    [Fact]
    public async Task A_restore_over_a_store_requires_an_option_and_skips_the_jids_of_both()
    {
        await BackUpAsync();
        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            RestoreAsync(_home.Path)
        );
        Assert.Contains("has a store already; with --replace", refused.Message);
        using (var lease = SqliteCopy.Open(Paths.Journal, SqliteOpenMode.ReadWrite))
        using (var command = lease.CreateCommand())
        {
            // The store that is replaced has given out jids up to 9 million.
            command.CommandText = """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message)
                VALUES (0, 0, 'allocator', 2, @message)
                """;
            command.Add(
                "@message",
                Google.Protobuf.MessageExtensions.ToByteArray(
                    new Protocol.Events.RangeLeased { First = 1, Last = 9_000_000 }
                )
            );
            command.ExecuteNonQuery();
        }
        var (_, next) = await RestoreAsync(_home.Path, replaces: true);
        Assert.True(next > 9_000_000 + StoreAge.JidMargin, $"{next}");
        Assert.Contains(
            Directory.GetFiles(Paths.Store),
            file => Path.GetFileName(file).StartsWith("journal.db.2")
        );
        Assert.False(Directory.Exists($"{Paths.Store}/restore.ready"));
    }

    [Fact]
    public async Task A_running_node_refuses_a_restore()
    {
        await BackUpAsync();
        using var held = HomeLock.Acquire(new HomePaths(_other.Path));
        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            RestoreAsync(_other.Path)
        );
        Assert.Contains("Another node is running", refused.Message);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_cut_backup_restores_nothing(double part)
    {
        await BackUpAsync();
        await using (var file = File.OpenWrite(Backup))
            file.SetLength((long)(file.Length * part));
        await Assert.ThrowsAsync<CannotStartException>(() => RestoreAsync(_other.Path));
        Assert.False(File.Exists($"{_other.Path}/store/journal.db"));
        Assert.Empty(Directory.GetDirectories($"{_other.Path}/store"));
    }

    [Fact]
    public async Task A_changed_backup_restores_nothing()
    {
        await BackUpAsync();
        var bytes = await File.ReadAllBytesAsync(Backup);
        var at = bytes.AsSpan().IndexOf("SQLite format 3"u8) + 5_000;
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(Backup, bytes);
        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            RestoreAsync(_other.Path)
        );
        Assert.Contains("store/journal.db in it is missing or damaged", refused.Message);
    }

    [Fact]
    public async Task A_start_ends_a_restore_that_was_interrupted_after_its_decision()
    {
        await BackUpAsync();
        await RestoreAsync(_other.Path);
        var paths = new HomePaths(_other.Path);
        // As if the process had been killed before it moved the first file.
        Directory.CreateDirectory($"{paths.Store}/restore.ready/store");
        File.Move(paths.Journal, $"{paths.Store}/restore.ready/store/journal.db");
        var settings = _other.Settings();
        await using var node = await NodeHost.StartAsync(settings, _other.NodeLog, default);
        using var client = new GatewayClient(settings.Gateway.Socket);
        Assert.Equal(4, (await RowsAsync(client, 4)).Count);
        Assert.Contains("Ended a restore that was interrupted", _other.Log.ToString());
    }

    [Fact]
    public async Task A_check_finds_nothing_in_a_good_store_and_names_the_jobs_of_damage()
    {
        Place();
        var check = new StoreCheck(Store, Paths, _ => { });
        Assert.Empty(await check.RunAsync(default));
        using (var spoil = SqliteCopy.Open(Paths.Journal, SqliteOpenMode.ReadWrite))
        using (var command = spoil.CreateCommand())
        {
            command.CommandText =
                "DELETE FROM journal WHERE persistence_id = 'segment-0' AND sequence_number = 3";
            command.ExecuteNonQuery();
        }
        var finding = Assert.Single(await check.RunAsync(default));
        Assert.StartsWith("Jobs 1-1023: change 3 is missing; restore a backup", finding);
    }

    [Fact]
    public async Task An_export_has_a_line_for_each_job_also_for_deleted_ones()
    {
        Place();
        using var output = new MemoryStream();
        await new StoreExport(Store).WriteAsync(output, 0, default);
        var lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n');
        Assert.Equal(7, lines.Length);
        Assert.Contains("\"jid\":1,", lines[0]);
        Assert.Contains("echo hello", lines[0]);
        Assert.Contains("\"jid\":6,", lines[5]);
        Assert.DoesNotContain("TEXMFHOME", lines[5]);
    }

    [Fact]
    public async Task The_figures_match_the_contents_of_the_store()
    {
        Place();
        var figures = await new StoreStats(Store, Paths).ReadAsync(default);
        Assert.Contains(new StoreFigure("rows", 27, false), figures);
        Assert.Contains(new StoreFigure("segments", 1, false), figures);
        Assert.Contains(figures, figure => figure is { Name: "journal", Value: > 30_000 });
    }

    private NodeStore Store => NodeStore.Unchecked(_home.Settings().Store, Paths);

    private void Place()
    {
        PrivateFolder.Create(Paths.Store);
        File.Copy(
            SourceTree.PathOf("tests/JobCloud.Node.Tests/Store/Version1/journal.db"),
            Paths.Journal
        );
    }

    private async Task BackUpAsync()
    {
        Place();
        await new StoreBackup(Paths, _ => { }).WriteAsync(Backup, Now, default);
    }

    private Task<(BackupManifest Manifest, long NextJid)> RestoreAsync(
        string home,
        bool replaces = false
    ) => new StoreRestore(new HomePaths(home), _ => { }).RunAsync(Backup, replaces, Now, default);

    private Task<Daemon.Hosting.NodeSettings> StartAsync(TestHome home, out Task<NodeHost> starting)
    {
        Place();
        var settings = home.Settings();
        starting = NodeHost.StartAsync(settings, home.NodeLog, default);
        return Task.FromResult(settings);
    }

    private static async Task<long> SubmitAsync(GatewayClient client) =>
        (
            await client.Cloud.SubmitAsync(
                new SubmitRequest
                {
                    Spec = new JobSpec { Command = "true", Cores = 1 },
                    Count = 1,
                }
            )
        ).First;

    private static async Task<List<JobRow>> RowsAsync(GatewayClient client, int least)
    {
        var rows = new List<JobRow>();
        await Eventually.HoldsAsync(
            async () =>
            {
                var request = new ListRequest { Limit = 100_000 };
                rows = [.. (await client.Cloud.ListAsync(request)).Rows];
                return rows.Count >= least;
            },
            "the index lists the jobs"
        );
        return rows;
    }
}
