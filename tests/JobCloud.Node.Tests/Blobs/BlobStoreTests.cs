using Google.Protobuf;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Agents;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Membership;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Tests.Blobs;

/// <summary>Contents in an embedded store.</summary>
public sealed class FileBlobStoreTests : BlobStoreTests
{
    private protected override StoreProvider Provider => StoreProvider.Sqlite;

    private protected override Task<NodeStore> OpenStoreAsync()
    {
        var settings = Home.Settings();
        Directory.CreateDirectory(settings.Paths.Store);
        return NodeStore.OpenAsync(settings.Store, settings.Paths, Clock.Now, default);
    }

    private protected override long StoredBytes() =>
        Directory.Exists(Paths.Blobs)
            ? Directory
                .EnumerateFiles(Paths.Blobs, "*", SearchOption.AllDirectories)
                .Sum(file => new FileInfo(file).Length)
            : 0;

    private protected override void Damage(BlobRef blob)
    {
        using var file = File.OpenWrite(new BlobFiles(Paths).PathOf(blob.Sha256));
        file.Seek(100, SeekOrigin.Begin);
        file.WriteByte((byte)~Content(1)[100]);
    }

    [Fact]
    public async Task A_crash_leaves_files_that_the_next_start_deletes()
    {
        var blob = await SendAsync("ann", Content(1));
        // Killed within an upload, and between the file and its row.
        var killed = new BlobFiles(Paths).Create();
        killed.Write(Content(2));
        killed.Dispose();
        var orphan = new BlobFiles(Paths).PathOf(BlobRules.RefOf(Content(3)).Sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        await File.WriteAllBytesAsync(orphan, Content(3));

        await (await OpenAsync()).Store.SweepAsync(default);

        Assert.Equal(blob.Size, StoredBytes());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(new BlobFiles(Paths).PathOf(blob.Sha256))
        );
    }

    [Fact]
    public async Task A_file_that_exceeds_the_free_disk_space_is_refused()
    {
        var huge = new BlobRef { Sha256 = BlobRules.RefOf([]).Sha256, Size = 1L << 60 };
        var refused = await Blobs.Store.BeginAsync(huge, "ann", default);
        Assert.StartsWith("The node has no room for the file: ", refused.Refusal!.Message);
        Assert.Equal(0, StoredBytes());
    }
}

/// <summary>Contents in a shared store.</summary>
public sealed class TableBlobStoreTests(SharedStore shared) : IClassFixture<SharedStore>
{
    [PostgreSqlFact]
    public async Task All_that_holds_for_an_embedded_store_holds_for_a_shared_one()
    {
        var laws = typeof(BlobStoreTests)
            .GetMethods()
            .Where(m =>
                m.DeclaringType == typeof(BlobStoreTests)
                && m.IsDefined(typeof(FactAttribute), false)
            )
            .ToArray();
        Assert.NotEmpty(laws);
        foreach (var law in laws)
        {
            var store = new SharedTests(shared);
            await store.InitializeAsync();
            await (Task)law.Invoke(store, [])!;
            await store.DisposeAsync();
        }
    }

    private sealed class SharedTests(SharedStore shared) : BlobStoreTests
    {
        private NodeStore? _store;

        private protected override StoreProvider Provider => StoreProvider.PostgreSql;

        private protected override async Task<NodeStore> OpenStoreAsync() =>
            _store ??= await shared.StoreAsync(shared.NewDatabase());

        private protected override long StoredBytes()
        {
            using var connection = _store!.ConnectAsync(default).Result;
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT coalesce(sum(length(data)), 0)::bigint FROM blob_parts";
            return (long)command.ExecuteScalar()!;
        }

        private protected override void Damage(BlobRef blob)
        {
            using var connection = _store!.ConnectAsync(default).Result;
            using var command = connection.CreateCommand();
            command.CommandText =
                "UPDATE blob_parts SET data = set_byte(data, 100, 255 - get_byte(data, 100))";
            command.ExecuteNonQuery();
        }
    }
}

/// <summary>The contents that a cloud keeps once.</summary>
public abstract class BlobStoreTests : IAsyncLifetime
{
    private protected TestHome Home { get; } = new();
    protected ManualClock Clock { get; } = new();
    private protected HomePaths Paths => new(Home.Path);
    private protected BlobServices Blobs { get; private set; } = null!;

    private protected abstract StoreProvider Provider { get; }
    private protected abstract Task<NodeStore> OpenStoreAsync();
    private protected abstract long StoredBytes();
    private protected abstract void Damage(BlobRef blob);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Paths.Store);
        Directory.CreateDirectory(Paths.Attempts);
        Blobs = await OpenAsync();
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Home.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Only_the_sender_can_refer_to_a_file_by_its_hash()
    {
        var blob = await SendAsync("ann", Content(1));
        Assert.Empty(await Blobs.Store.MissingAsync([blob], "ann", default));
        Assert.Equal([blob], await Blobs.Store.MissingAsync([blob], "bob", default));
        Assert.Equal([blob], await Blobs.Store.BindAsync([blob], "bob", 5, 5, default));

        // He has the same file: it is sent, and kept once.
        await SendAsync("bob", Content(1));
        Assert.Empty(await Blobs.Store.BindAsync([blob], "bob", 5, 5, default));
        Assert.Equal(blob.Size, StoredBytes());
    }

    [Fact]
    public async Task A_content_stays_as_long_as_a_submission_refers_to_it()
    {
        var blob = await SendAsync("ann", Content(1));
        Assert.Empty(await Blobs.Store.BindAsync([blob], "ann", 1, 3, default));
        Assert.Empty(await Blobs.Store.BindAsync([blob], "ann", 4, 4, default));

        await ReleaseAsync(1);
        Assert.Equal(blob.Size, StoredBytes());
        await ReleaseAsync(4);
        Assert.Equal(0, StoredBytes());
        Assert.Equal([blob], await Blobs.Store.MissingAsync([blob], "ann", default));
    }

    [Fact]
    public async Task A_submission_that_lacks_a_content_refers_to_none()
    {
        var (there, missing) = (await SendAsync("ann", Content(1)), BlobRules.RefOf(Content(2)));
        Assert.Equal(
            [missing],
            await Blobs.Store.BindAsync([there, missing], "ann", 1, 1, default)
        );
        Assert.Empty(await Blobs.Store.Rows.BoundAsync(1, 10, default));
    }

    [Fact]
    public async Task An_unused_file_is_deleted_after_an_hour()
    {
        await SendAsync("ann", Content(1));
        var used = await SendAsync("ann", Content(2));
        await Blobs.Store.BindAsync([used], "ann", 1, 1, default);

        Clock.Now += BlobRules.KeptUnused - TimeSpan.FromMinutes(1);
        await Blobs.Store.ExpireAsync(default);
        Assert.Equal(2 * used.Size, StoredBytes());
        Clock.Now += TimeSpan.FromMinutes(2);
        await Blobs.Store.ExpireAsync(default);
        Assert.Equal(used.Size, StoredBytes());
    }

    [Fact]
    public async Task An_upload_that_stops_leaves_nothing()
    {
        var content = Content(1);
        await PutAsync("ann", content, 0, 1 << 16);
        Clock.Now += BlobRules.UploadPause + TimeSpan.FromSeconds(1);
        await Blobs.Uploads.DropPausedAsync();

        Assert.Equal(0, StoredBytes());
        // The client begins again.
        Assert.Equal(0, (await PutAsync("ann", content, 1 << 16, 1 << 16)).Next);
    }

    [Fact]
    public async Task Content_with_another_hash_is_not_kept()
    {
        var part = new PutBlobRequest
        {
            Blob = BlobRules.RefOf(Content(1)),
            Data = ByteString.CopyFrom(Content(2)),
        };
        var refused = await Blobs.Uploads.PutAsync(part, "ann", default);
        Assert.Contains("do not have the hash", refused.Refusal!.Message);
        Assert.Equal(0, StoredBytes());
        Assert.Single(await Blobs.Store.MissingAsync([part.Blob], "ann", default));
    }

    [Fact]
    public async Task Two_clients_fill_one_upload_together()
    {
        var content = Content(1);
        var half = content.Length / 2;
        Assert.Equal(half, (await PutAsync("ann", content, 0, half)).Next);
        Assert.Equal(half, (await PutAsync("ann", content, 0, half)).Next);
        Assert.True((await PutAsync("ann", content, half, half)).Done);
        Assert.True((await PutAsync("ann", content, half, half)).Done);
        Assert.Equal(content.Length, StoredBytes());
    }

    [Fact]
    public async Task An_attempt_gets_a_private_copy()
    {
        var blob = await SendAsync("ann", Content(1));
        for (var i = 0; i < 2; i++)
        {
            await Blobs.Copier.CopyAsync(blob, Copy, default);
            Assert.Equal(Content(1), await File.ReadAllBytesAsync(Copy));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Copy)
            );
        }
    }

    [Fact]
    public async Task A_damaged_content_is_never_given_out_and_is_sent_again()
    {
        var blob = await SendAsync("ann", Content(1));
        Assert.Empty(await Blobs.Store.BindAsync([blob], "ann", 1, 1, default));
        Damage(blob);

        var trouble = await Assert.ThrowsAsync<BlobFailureException>(() =>
            Blobs.Copier.CopyAsync(blob, Copy, default)
        );
        Assert.False(trouble.IsPassing);
        Assert.Contains("is damaged in the store; submit the job again", trouble.Message);
        Assert.False(File.Exists(Copy));

        await SendAsync("ann", Content(1));
        await Blobs.Copier.CopyAsync(blob, Copy, default);
        Assert.Equal(Content(1), await File.ReadAllBytesAsync(Copy));
    }

    [Fact]
    public async Task A_missing_content_is_named()
    {
        var trouble = await Assert.ThrowsAsync<BlobFailureException>(() =>
            Blobs.Copier.CopyAsync(BlobRules.RefOf(Content(9)), Copy, default)
        );
        Assert.Contains("is missing in the store", trouble.Message);
    }

    private string Copy => $"{Home.Path}/copy";

    /// <summary>Two rows and a half of a shared store.</summary>
    private protected static byte[] Content(int number)
    {
        var content = new byte[5 << 19];
        new Random(number).NextBytes(content);
        return content;
    }

    private protected async Task<BlobServices> OpenAsync() =>
        BlobServices.Open(
            new BlobSettings { UploadsMax = 2, CacheBytes = 1 << 30 },
            await OpenStoreAsync(),
            Provider,
            Paths,
            reserve: 0,
            Clock
        );

    private protected async Task<BlobRef> SendAsync(string owner, byte[] content)
    {
        const int Part = BlobRules.PartBytes;
        for (var offset = 0; offset < content.Length; offset += Part)
            await PutAsync(owner, content, offset, Math.Min(Part, content.Length - offset));
        var blob = BlobRules.RefOf(content);
        Assert.Empty(await Blobs.Store.MissingAsync([blob], owner, default));
        return blob;
    }

    private async Task<PutBlobReply> PutAsync(string owner, byte[] content, int offset, int length)
    {
        var part = new PutBlobRequest
        {
            Blob = BlobRules.RefOf(content),
            Offset = offset,
            Data = ByteString.CopyFrom(content, offset, length),
        };
        var outcome = await Blobs.Uploads.PutAsync(part, owner, default);
        Assert.Null(outcome.Refusal);
        return outcome.Reply!;
    }

    private async Task ReleaseAsync(long first)
    {
        var bound = await Blobs.Store.Rows.BoundAsync(first, 1, default);
        await Blobs.Store.ReleaseAsync(Assert.Single(bound), default);
    }
}
