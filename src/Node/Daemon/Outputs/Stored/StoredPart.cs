using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Outputs.Stored;

/// <summary>A piece of an ended stream: a row of the store.</summary>
/// <param name="At">Offset of its first byte in the stream.</param>
/// <param name="Size">Bytes of the whole stream, dropped ones and those not stored
/// included.</param>
/// <param name="EndedAt">When the attempt ended, in µs since 1970.</param>
internal sealed record StoredPart(
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
    /// <summary>About what it wrote.</summary>
    public long Bytes => Exit.StdoutBytes + Exit.StderrBytes + Exit.ResultBytes;
}
