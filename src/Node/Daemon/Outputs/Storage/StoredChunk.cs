using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>A chunk of an ended stream: one row of the store.</summary>
/// <param name="At">Offset of its first byte in the stream.</param>
/// <param name="Size">Size of the whole stream, including bytes that were dropped or not
/// stored.</param>
/// <param name="EndedAt">End of the attempt, in µs since 1970.</param>
internal sealed record StoredChunk(
    AttemptId Id,
    OutputStream Stream,
    long At,
    long Size,
    long EndedAt,
    byte[] Data
);

/// <summary>An attempt whose end is accepted.</summary>
/// <param name="EndedAt">In µs since 1970.</param>
internal sealed record EndedOutput(AttemptId Id, Exit Exit, long EndedAt)
{
    /// <summary>About the size of its output.</summary>
    public long Bytes => Exit.StdoutBytes + Exit.StderrBytes + Exit.ResultBytes;
}
