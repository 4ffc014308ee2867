using System.Data.Common;
using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Contents as rows of a shared store, 1 MiB each. All rows of a content are written in
/// one transaction, so a crash leaves none.</summary>
internal sealed class TableContents(NodeStore store, BlobRows rows) : IBlobContents
{
    private const int RowBytes = 1 << 20;

    private const string Insert = """
        INSERT INTO blobs (sha256, size, created, parts) VALUES (@sha, @size, @now, @parts)
        ON CONFLICT DO NOTHING
        """;

    private const string InsertPart =
        "INSERT INTO blob_parts (parts, part, data) VALUES (@parts, @part, @data)";

    private const string DeleteParts = "DELETE FROM blob_parts WHERE parts = @parts";

    private const string DeleteUnused = """
        DELETE FROM blobs WHERE sha256 = @sha AND NOT EXISTS (
            SELECT 1 FROM blob_refs WHERE sha256 = @sha)
        RETURNING parts
        """;

    private const string Delete = "DELETE FROM blobs WHERE sha256 = @sha RETURNING parts";

    private const string DeleteOrphans = """
        DELETE FROM blob_parts WHERE NOT EXISTS (
            SELECT 1 FROM blobs WHERE blobs.parts = blob_parts.parts)
        """;

    public async Task<IBlobWriter> WriteAsync(BlobRef blob, CancellationToken cancel)
    {
        var connection = await store.ConnectAsync(cancel);
        try
        {
            return new Writer(
                blob,
                new(connection, await connection.BeginTransactionAsync(cancel))
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<Stream?> OpenAsync(BlobRef blob, CancellationToken cancel)
    {
        var connection = await store.ConnectAsync(cancel);
        var stream = new PartStream(connection);
        if (await stream.FindAsync(blob, cancel))
            return stream;
        await stream.DisposeAsync();
        return null;
    }

    public Task RemoveAsync(ByteString sha256, CancellationToken cancel) =>
        DeleteAsync(DeleteUnused, sha256, cancel);

    public Task LoseAsync(ByteString sha256, CancellationToken cancel) =>
        DeleteAsync(Delete, sha256, cancel);

    private async Task DeleteAsync(string sql, ByteString sha256, CancellationToken cancel)
    {
        object? parts;
        await using (var transaction = await rows.BeginAsync(cancel))
        {
            await using var delete = transaction.Command(sql);
            delete.Add("@sha", sha256.ToByteArray());
            parts = await delete.ExecuteScalarAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        // Nothing can refer to them: no other writer waits for that.
        if (parts is long)
            await ExecuteAsync(DeleteParts, command => command.Add("@parts", parts), cancel);
    }

    public Task SweepAsync(CancellationToken cancel) =>
        ExecuteAsync(DeleteOrphans, static _ => { }, cancel);

    public string? WhyNoRoom(long bytes) => null;

    private async Task ExecuteAsync(string sql, Action<DbCommand> fill, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        fill(command);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private sealed class Writer(BlobRef blob, BlobTransaction transaction) : IBlobWriter
    {
        private readonly long _parts = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
        private readonly byte[] _row = new byte[
            blob.Size == BlobRules.AnySize ? RowBytes : (int)Math.Clamp(blob.Size, 1, RowBytes)
        ];
        private int _filled;
        private int _part;

        public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            while (!bytes.IsEmpty)
            {
                var taken = Math.Min(bytes.Length, _row.Length - _filled);
                bytes[..taken].CopyTo(_row.AsMemory(_filled));
                _filled += taken;
                bytes = bytes[taken..];
                if (_filled == _row.Length)
                    await WriteRowAsync(cancel);
            }
        }

        public async Task CommitAsync(string owner, long size, long now, CancellationToken cancel)
        {
            if (_filled > 0)
                await WriteRowAsync(cancel);
            await BlobRows.LockAsync(transaction, cancel);
            await using var insert = transaction.Command(Insert);
            insert.Add("@sha", blob.Sha256.ToByteArray());
            insert.Add("@size", size);
            insert.Add("@now", now);
            insert.Add("@parts", _parts);
            if (await insert.ExecuteNonQueryAsync(cancel) == 0)
            {
                // The cloud has this content already.
                await using var delete = transaction.Command(DeleteParts);
                delete.Add("@parts", _parts);
                await delete.ExecuteNonQueryAsync(cancel);
            }
            await BlobRows.SentAsync(transaction, blob.Sha256, owner, now, cancel);
            await transaction.CommitAsync(cancel);
        }

        public ValueTask DisposeAsync() => transaction.DisposeAsync();

        private async Task WriteRowAsync(CancellationToken cancel)
        {
            await using var insert = transaction.Command(InsertPart);
            insert.Add("@parts", _parts);
            insert.Add("@part", _part++);
            insert.Add("@data", _row[.._filled]);
            await insert.ExecuteNonQueryAsync(cancel);
            _filled = 0;
        }
    }
}
