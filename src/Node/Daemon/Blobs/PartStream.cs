using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Reads the rows of a content, one at a time.</summary>
internal sealed class PartStream(DbConnection connection) : Stream
{
    private long _parts;
    private int _next;
    private ReadOnlyMemory<byte> _row;
    private bool _isAtEnd;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether the content is there.</summary>
    public async Task<bool> FindAsync(BlobRef blob, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT parts FROM blobs WHERE sha256 = @sha";
        command.Add("@sha", blob.Sha256.ToByteArray());
        if (await command.ExecuteScalarAsync(cancel) is not long parts)
            return false;
        _parts = parts;
        return true;
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (_row.IsEmpty && !_isAtEnd)
            await ReadRowAsync(cancellationToken);
        var taken = Math.Min(buffer.Length, _row.Length);
        _row[..taken].CopyTo(buffer);
        _row = _row[taken..];
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.Dispose();
        base.Dispose(disposing);
    }

    private async Task ReadRowAsync(CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT data FROM blob_parts WHERE parts = @parts AND part = @part";
        command.Add("@parts", _parts);
        command.Add("@part", _next++);
        if (await command.ExecuteScalarAsync(cancel) is byte[] row)
            _row = row;
        else
            _isAtEnd = true;
    }
}
