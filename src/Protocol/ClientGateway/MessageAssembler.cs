using Google.Protobuf;

namespace JobCloud.Protocol.ClientGateway;

/// <summary>Reassembles messages from chunks, which must come in order and without
/// gaps.</summary>
/// <param name="maxBytes">The limit of one message.</param>
public sealed class MessageAssembler(int maxBytes)
{
    private readonly List<ByteString> _chunks = [];
    private int _next;
    private long _bytes;

    /// <summary>Adds the next chunk.</summary>
    /// <returns>Why the message cannot be completed; null: it still can.</returns>
    public string? Add(int number, ByteString chunk)
    {
        if (number != _next)
            return "a chunk of it was lost";
        _next++;
        _bytes += chunk.Length;
        if (_bytes > maxBytes)
            return $"it is longer than {maxBytes} bytes (jobcloud.gateway.max-message-size)";
        _chunks.Add(chunk);
        return null;
    }

    /// <summary>Returns the complete message and starts the next one.</summary>
    public byte[] Take()
    {
        var whole = new byte[_bytes];
        var at = 0;
        foreach (var chunk in _chunks)
        {
            chunk.Span.CopyTo(whole.AsSpan(at));
            at += chunk.Length;
        }
        _chunks.Clear();
        _bytes = 0;
        return whole;
    }
}
