using Google.Protobuf;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>A content that a client sends in one stream.</summary>
/// <param name="Size">Null: the client has not said.</param>
/// <param name="Next">Reads the next bytes; none: the stream has ended.</param>
internal sealed record IncomingBlob(
    ByteString Sha256,
    long? Size,
    Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Next
);

/// <summary>Keeps a content.</summary>
internal delegate Task<Outcome<BlobRef>> BlobReceiver(
    IncomingBlob blob,
    Identity by,
    CancellationToken cancel
);
