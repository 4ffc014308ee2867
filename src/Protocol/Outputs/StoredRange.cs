namespace JobCloud.Protocol.Outputs;

/// <summary>The part of an ended stream that is copied to the store.</summary>
/// <param name="From">The offset of its first byte.</param>
/// <param name="Until">The offset after its last byte: the length of the stream.</param>
public readonly record struct StoredRange(long From, long Until)
{
    public long Bytes => Until - From;

    /// <summary>All of a result or timeline up to a limit, and the end of any other
    /// stream.</summary>
    /// <param name="isResult">Whether <c>result</c> prints the stream.</param>
    /// <param name="size">Bytes of the stream, including dropped ones.</param>
    /// <param name="dropped">Bytes already lost at its start.</param>
    /// <param name="wholeMax">Limit of streams that are kept in full, in bytes.</param>
    /// <param name="tail">Bytes kept of a longer stream.</param>
    public static StoredRange Of(
        OutputStream stream,
        bool isResult,
        long size,
        long dropped,
        long wholeMax,
        long tail
    )
    {
        var limit = isResult || stream == OutputStream.Timeline ? Math.Max(wholeMax, tail) : tail;
        var first = Math.Min(dropped, size);
        return new(size - first <= limit ? first : size - tail, size);
    }
}
