using System.Buffers;
using System.Text.Json;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Writes documents of the public JSON.</summary>
public static class DocumentWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = VisibleJsonEncoder.Instance,
    };

    /// <summary>A writer that escapes only what JSON requires and what is not visible, so that
    /// people can read the text.</summary>
    public static Utf8JsonWriter New(Stream stream) => new(stream, Options);

    /// <inheritdoc cref="New(Stream)"/>
    public static Utf8JsonWriter New(IBufferWriter<byte> buffer) => new(buffer, Options);

    public static void Write(Utf8JsonWriter json, PublicDocument document) =>
        JsonSerializer.Serialize(
            json,
            document,
            PublicJsonContext.Default.GetTypeInfo(document.GetType())
                ?? throw new NotSupportedException($"{document.GetType()} is no document")
        );

    /// <summary>The document as one line.</summary>
    public static byte[] Line(PublicDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = New(buffer))
            Write(json, document);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
