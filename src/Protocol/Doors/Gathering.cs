using Google.Protobuf;

namespace JobCloud.Protocol.Doors;

/// <summary>Puts pieces together again, as long as they come in order and none is missing.</summary>
/// <param name="mostBytes">Of one message.</param>
public sealed class Gathering(int mostBytes)
{
    private readonly List<ByteString> pieces = [];
    private int next;
    private long bytes;

    /// <summary>How many pieces have come, of all messages.</summary>
    public int Count => next;

    /// <summary>Takes the next piece.</summary>
    /// <returns>Why the rest is of no use any more; null: all is well.</returns>
    public string? Add(int number, ByteString piece)
    {
        if (number != next)
            return "a part of it was lost on the way";
        next++;
        bytes += piece.Length;
        if (bytes > mostBytes)
            return $"it is longer than {mostBytes} bytes (jobcloud.gateway.max-message-size)";
        pieces.Add(piece);
        return null;
    }

    /// <summary>The message that the pieces make; the next one begins.</summary>
    public byte[] Take()
    {
        var whole = new byte[bytes];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(whole.AsSpan(at));
            at += piece.Length;
        }
        pieces.Clear();
        bytes = 0;
        return whole;
    }
}
