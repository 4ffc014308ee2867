using Google.Protobuf;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The place of the contents that a cloud keeps.</summary>
internal interface IBlobContents
{
    /// <summary>Begins to write a content.</summary>
    Task<IBlobWriter> WriteAsync(BlobRef blob, CancellationToken cancel);

    /// <summary>Opens a content; null: it is not there.</summary>
    Task<Stream?> OpenAsync(BlobRef blob, CancellationToken cancel);

    /// <summary>Removes a content, unless something refers to it.</summary>
    Task RemoveAsync(ByteString sha256, CancellationToken cancel);

    /// <summary>Forgets a content that is missing or damaged, so that whoever refers to it next
    /// sends it again.</summary>
    Task LoseAsync(ByteString sha256, CancellationToken cancel);

    /// <summary>Removes what a crash left.</summary>
    Task SweepAsync(CancellationToken cancel);

    /// <summary>Why it has no room for so many more bytes; null: it has.</summary>
    string? WhyNoRoom(long bytes);
}

/// <summary>A content that is being written. Disposed of without a commit, it leaves
/// nothing.</summary>
internal interface IBlobWriter : IAsyncDisposable
{
    Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Keeps the content, which is complete and checked, and notes that the owner has
    /// sent it.</summary>
    Task CommitAsync(string owner, long size, long now, CancellationToken cancel);
}
