using Google.Protobuf;

namespace JobCloud.Protocol.Doors;

/// <summary>Puts pieces together again, as long as they come in order and none is
/// missing.</summary>
/// <param name="mostBytes">Of one message.</param>
public sealed class Gathering(int mostBytes)
{
    private readonly List<ByteString> _pieces = [];
    private int _next;
    private long _bytes;

    /// <summary>How many pieces have come, of all messages.</summary>
    public int Count => _next;

    /// <summary>Takes the next piece.</summary>
    /// <returns>Why the rest is of no use any more; null: all is well.</returns>
    public string? Add(int number, ByteString piece)
    {
        if (number != _next)
            return "a part of it was lost on the way";
        _next++;
        _bytes += piece.Length;
        if (_bytes > mostBytes)
            return $"it is longer than {mostBytes} bytes (jobcloud.gateway.max-message-size)";
        _pieces.Add(piece);
        return null;
    }

    /// <summary>The message that the pieces make; the next one begins.</summary>
    public byte[] Take()
    {
        var whole = new byte[_bytes];
        var at = 0;
        foreach (var piece in _pieces)
        {
            piece.Span.CopyTo(whole.AsSpan(at));
            at += piece.Length;
        }
        _pieces.Clear();
        _bytes = 0;
        return whole;
    }
}
