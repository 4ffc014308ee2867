using Google.Protobuf;

namespace JobCloud.Protocol.ClientGateway;

/// <summary>Splits a message into chunks of limited size; even an empty message has one
/// chunk.</summary>
public static class MessageChunks
{
    public static IEnumerable<(ByteString Piece, bool Last)> Of(IMessage message, int bytes)
    {
        var all = message.ToByteArray();
        var at = 0;
        do
        {
            var length = Math.Min(bytes, all.Length - at);
            yield return (
                UnsafeByteOperations.UnsafeWrap(all.AsMemory(at, length)),
                at + length == all.Length
            );
            at += length;
        } while (at < all.Length);
    }
}
