using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JobCloud.Protocol.PublicJson;

/// <summary>Writes the results of jobs: an object keyed by jid, whose values are texts or
/// errors.</summary>
public sealed class ResultsDocument
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly Utf8JsonWriter _json;

    public ResultsDocument(Utf8JsonWriter json)
    {
        _json = json;
        json.WriteStartObject();
        json.WriteNumber("version"u8, PublicDocument.CurrentVersion);
    }

    /// <summary>Adds a result; false: it is not UTF-8, and was not added.</summary>
    public bool TryAdd(long jid, ReadOnlySpan<byte> result)
    {
        try
        {
            _json.WriteString(Key(jid), Strict.GetString(result));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    public void Add(long jid, PublicError failure)
    {
        _json.WritePropertyName(Key(jid));
        DocumentWriter.Write(_json, new ErrorDocument(failure));
    }

    public void Complete()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    private static string Key(long jid) => jid.ToString(CultureInfo.InvariantCulture);
}
