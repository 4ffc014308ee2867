using System.Security.Cryptography;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>A content on its way into the store. Its parts are written as they come; it is kept
/// when all have come and have the hash.</summary>
internal sealed class BlobUpload(BlobRef blob, string owner, IBlobWriter writer, TimeProvider clock)
    : IAsyncDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public BlobRef Blob => blob;
    public long Received { get; private set; }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await writer.AppendAsync(bytes, cancel);
        _hash.AppendData(bytes.Span);
        Received += bytes.Length;
    }

    /// <summary>Keeps the content, which the owner may refer to from now on; false: it has another
    /// hash or size.</summary>
    public async Task<bool> FinishAsync(CancellationToken cancel)
    {
        if (
            blob.Size is not BlobRules.AnySize && blob.Size != Received
            || !blob.Sha256.Span.SequenceEqual(_hash.GetHashAndReset())
        )
            return false;
        await writer.CommitAsync(owner, Received, clock.NowMicroseconds(), cancel);
        return true;
    }

    public ValueTask DisposeAsync()
    {
        _hash.Dispose();
        return writer.DisposeAsync();
    }
}
