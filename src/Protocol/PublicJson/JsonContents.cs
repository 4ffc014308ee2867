using System.Text.Json;
using Google.Protobuf;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Reads contents: <c>{"sha256": …, "size": …}</c>, <c>{"text": …}</c> or <c>{"base64":
/// …}</c>, each of them with an optional <c>name</c>. After an error, the reader stands at the end
/// of the object all the same.</summary>
public static class JsonContents
{
    public const string Sha256 = "sha256";
    public const string Size = "size";
    public const string Text = "text";
    public const string Base64 = "base64";
    public const string Name = "name";

    private const string Form =
        "write {\"sha256\": …, \"size\": …}, {\"text\": …} or {\"base64\": …}.";

    /// <summary>Reads the object at which the reader stands.</summary>
    public static Parsed<NamedContent> Read(ref Utf8JsonReader reader)
    {
        var members = new Dictionary<string, object>();
        TextError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Text(ref reader).Value ?? "";
            reader.Read();
            var value = Member(name, ref reader);
            if (value is null)
                error ??= Error(
                    $"'{name}' is not a member of a file's content, or has an invalid value; {Form}"
                );
            else if (!members.TryAdd(name, value))
                error ??= Error($"'{name}' is given twice; give it once.");
        }
        return error is not null ? error : ContentOf(members);
    }

    /// <summary>The value of a member; null: there is none, or it has another type.</summary>
    private static object? Member(string name, ref Utf8JsonReader reader)
    {
        var isText = reader.TokenType == JsonTokenType.String;
        switch (name)
        {
            case Sha256 when isText:
                return BlobRules.Sha256Of(JsonTexts.Text(ref reader).Value ?? "");
            case Size when reader.TokenType == JsonTokenType.Number:
                return reader.TryGetInt64(out var size) ? size : null;
            case Text when isText:
                return JsonTexts.Text(ref reader) is { Ok: true, Value: var text }
                    ? ByteString.CopyFromUtf8(text)
                    : null;
            case Base64 when isText:
                return reader.TryGetBytesFromBase64(out var bytes)
                    ? UnsafeByteOperations.UnsafeWrap(bytes)
                    : null;
            case Name when isText:
                return JsonTexts.Text(ref reader).Value;
            default:
                reader.Skip();
                return null;
        }
    }

    private static Parsed<NamedContent> ContentOf(Dictionary<string, object> members)
    {
        members.Remove(Name, out var name);
        SentContent? content = members.Count switch
        {
            1 when members.GetValueOrDefault(Text) is ByteString text => SentContent.Of(text),
            1 when members.GetValueOrDefault(Base64) is ByteString bytes => SentContent.Of(bytes),
            2
                when members.GetValueOrDefault(Sha256) is ByteString sha256
                    && members.GetValueOrDefault(Size) is long size => SentContent.Of(
                new BlobRef { Sha256 = sha256, Size = size }
            ),
            _ => null,
        };
        return content is { } one
            ? new NamedContent(one, name as string ?? "")
            : Error($"The file's content is incomplete or given in two forms; {Form}");
    }

    private static TextError Error(string message) => new(0, 0, message);
}
