using Google.Protobuf;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>
/// Contents as files beside an embedded store. A file is complete before its row is committed, and
/// is taken away in the transaction that deletes its row: the transaction keeps out all others. So
/// a crash leaves at most a file without a row, which is deleted at the next start.
/// </summary>
internal sealed class FileContents(BlobFiles files, BlobRows rows, BlobDisk disk) : IBlobContents
{
    private const string Insert =
        "INSERT INTO blobs (sha256, size, created) VALUES (@sha, @size, @now) ON CONFLICT DO NOTHING";

    private const string DeleteUnused = """
        DELETE FROM blobs WHERE sha256 = @sha AND NOT EXISTS (
            SELECT 1 FROM blob_refs WHERE sha256 = @sha)
        """;

    private const string Delete = "DELETE FROM blobs WHERE sha256 = @sha";

    private const string InFolder =
        "SELECT sha256 FROM blobs WHERE sha256 >= @from AND sha256 < @to";

    public Task<IBlobWriter> WriteAsync(BlobRef blob, CancellationToken cancel) =>
        Task.FromResult<IBlobWriter>(new Writer(blob, files, rows));

    public Task<Stream?> OpenAsync(BlobRef blob, CancellationToken cancel) =>
        Task.FromResult<Stream?>(files.Open(blob.Sha256));

    public Task RemoveAsync(ByteString sha256, CancellationToken cancel) =>
        DeleteAsync(DeleteUnused, sha256, cancel);

    public Task LoseAsync(ByteString sha256, CancellationToken cancel) =>
        DeleteAsync(Delete, sha256, cancel);

    private async Task DeleteAsync(string sql, ByteString sha256, CancellationToken cancel)
    {
        string? away = null;
        await using (var transaction = await rows.BeginAsync(cancel))
        {
            await using var delete = transaction.Command(sql);
            delete.Add("@sha", sha256.ToByteArray());
            if (await delete.ExecuteNonQueryAsync(cancel) > 0)
                away = files.TakeAway(sha256);
            await transaction.CommitAsync(cancel);
        }
        if (away is not null)
            files.Delete(away);
    }

    public async Task SweepAsync(CancellationToken cancel)
    {
        files.DeleteIncomplete();
        foreach (var folder in BlobFiles.Folders)
        {
            if (!Directory.Exists(files.FolderOf(folder)))
                continue;
            var known = await InFolderAsync(folder, cancel);
            foreach (var path in Directory.EnumerateFiles(files.FolderOf(folder)))
            {
                var name = Path.GetFileName(path);
                if (!known.Contains(name))
                    await SweepAsync(name, path, cancel);
            }
        }
    }

    public string? WhyNoRoom(long bytes) => disk.WhyNoRoom(bytes);

    private async Task SweepAsync(string name, string path, CancellationToken cancel)
    {
        if (!BlobRules.IsName(name))
            return;
        await using var transaction = await rows.BeginAsync(cancel);
        var sha256 = ByteString.CopyFrom(Convert.FromHexString(name));
        // An upload may have completed it meanwhile.
        if (!await BlobRows.HasAsync(transaction, sha256, cancel))
            File.Delete(path);
    }

    private async Task<HashSet<string>> InFolderAsync(string folder, CancellationToken cancel)
    {
        var first = Convert.FromHexString(folder)[0];
        await using var transaction = await rows.BeginAsync(cancel);
        await using var command = transaction.Command(InFolder);
        command.Add("@from", new[] { first });
        // No hash is longer than 32 bytes.
        command.Add("@to", Enumerable.Repeat((byte)255, 33).Prepend(first).ToArray());
        await using var found = await command.ExecuteReaderAsync(cancel);
        var names = new HashSet<string>();
        while (await found.ReadAsync(cancel))
            names.Add(Convert.ToHexStringLower(found.GetFieldValue<byte[]>(0)));
        return names;
    }

    private sealed class Writer(BlobRef blob, BlobFiles files, BlobRows rows) : IBlobWriter
    {
        private readonly FileStream _file = files.Create();
        private bool _isComplete;

        public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
            await _file.WriteAsync(bytes, cancel);

        public async Task CommitAsync(string owner, long size, long now, CancellationToken cancel)
        {
            // Flushed first, so that the transaction is short.
            await Task.Run(() => _file.Flush(flushToDisk: true), cancel);
            await using var transaction = await rows.BeginAsync(cancel);
            if (!File.Exists(files.PathOf(blob.Sha256)))
            {
                files.Complete(_file, blob.Sha256);
                _isComplete = true;
            }
            await using (var insert = transaction.Command(Insert))
            {
                insert.Add("@sha", blob.Sha256.ToByteArray());
                insert.Add("@size", size);
                insert.Add("@now", now);
                await insert.ExecuteNonQueryAsync(cancel);
            }
            await BlobRows.SentAsync(transaction, blob.Sha256, owner, now, cancel);
            await transaction.CommitAsync(cancel);
        }

        public ValueTask DisposeAsync()
        {
            if (_isComplete)
                _file.Dispose();
            else
                files.Discard(_file);
            return ValueTask.CompletedTask;
        }
    }
}
