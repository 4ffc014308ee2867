using System.Buffers;
using System.IO.Compression;
using Google.Protobuf;

namespace JobCloud.Protocol.Jobs;

/// <summary>Compresses messages of the journal.</summary>
internal static class PackedMessage
{
    // Higher qualities take several times as long for a few percent.
    private const int Quality = 4;
    private const int WindowBits = 20;

    /// <summary>The largest message that is read; a larger size is damage.</summary>
    private const int MostBytes = 1 << 30;

    public static ByteString Pack(IMessage message, out int size)
    {
        var plain = message.ToByteArray();
        size = plain.Length;
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(size));
        try
        {
            if (!BrotliEncoder.TryCompress(plain, packed, out var length, Quality, WindowBits))
                throw new InvalidOperationException($"{size} bytes could not be compressed.");
            return ByteString.CopyFrom(packed, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed, clearArray: true);
        }
    }

    /// <exception cref="ImpossibleEventException">The bytes are damaged.</exception>
    public static T Unpack<T>(MessageParser<T> parser, ByteString packed, int size)
        where T : IMessage<T>
    {
        if (size is < 0 or > MostBytes)
            throw new ImpossibleEventException($"a compressed message cannot have {size} bytes");
        var plain = new byte[size];
        if (
            (size > 0 || !packed.IsEmpty)
            && !(BrotliDecoder.TryDecompress(packed.Span, plain, out var length) && length == size)
        )
            throw new ImpossibleEventException("the bytes of a compressed message are invalid");
        try
        {
            return parser.ParseFrom(plain);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ImpossibleEventException($"invalid bytes: {e.Message}");
        }
    }
}
