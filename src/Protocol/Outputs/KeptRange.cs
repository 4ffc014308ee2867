namespace JobCloud.Protocol.Outputs;

/// <summary>What of an ended stream goes into the store.</summary>
/// <param name="From">Offset of its first byte.</param>
/// <param name="Until">Offset after its last: the length of the stream.</param>
public readonly record struct KeptRange(long From, long Until)
{
    public long Bytes => Until - From;

    /// <summary>A result and a timeline whole, where they are not too long; of all else the
    /// end.</summary>
    /// <param name="isResult">It is what <c>result</c> prints.</param>
    /// <param name="size">Bytes of the stream, dropped ones included.</param>
    /// <param name="dropped">Bytes from its start that are lost already.</param>
    /// <param name="wholeMax">Bytes of the longest stream that is kept whole.</param>
    /// <param name="tail">Bytes of the end.</param>
    public static KeptRange Of(
        OutputStream stream,
        bool isResult,
        long size,
        long dropped,
        long wholeMax,
        long tail
    )
    {
        var most = isResult || stream == OutputStream.Timeline ? Math.Max(wholeMax, tail) : tail;
        var first = Math.Min(dropped, size);
        return new(size - first <= most ? first : size - tail, size);
    }
}
