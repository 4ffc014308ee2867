using System.Buffers;
using System.Security.Cryptography;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Copies contents and compares their hashes on the way.</summary>
internal static class BlobHash
{
    /// <summary>Copies a content; false: the source has another one.</summary>
    public static async Task<bool> CopyAsync(
        BlobRef blob,
        Stream source,
        Stream target,
        int bufferBytes,
        CancellationToken cancel
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        try
        {
            var copied = 0L;
            while (
                copied <= blob.Size && await source.ReadAsync(buffer, cancel) is > 0 and var count
            )
            {
                copied += count;
                hash.AppendData(buffer.AsSpan(0, count));
                await target.WriteAsync(buffer.AsMemory(0, count), cancel);
            }
            return copied == blob.Size && blob.Sha256.Span.SequenceEqual(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
