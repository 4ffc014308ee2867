using System.Text;
using System.Text.Json;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes one object keyed by jid: results as text, failures as
/// <c>{"error": …}</c>.</summary>
internal sealed class JsonSink : ResultSink
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly MemoryStream _document = new();
    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;

    public JsonSink(Stream output)
    {
        _output = output;
        _json = ReportWriter.NewJson(_document);
        _json.WriteStartObject();
    }

    public override Stream Open(Jid jid) => new Text(this, jid);

    public override void AddFailure(CommandError error)
    {
        _json.WriteStartObject(error.Jid.ToString());
        ReportWriter.WriteError(_json, error);
        _json.WriteEndObject();
    }

    public override void Complete()
    {
        _json.WriteEndObject();
        _json.Flush();
        _document.WriteByte((byte)'\n');
        _document.WriteTo(_output);
        _output.Flush();
    }

    public override void Dispose()
    {
        _json.Dispose();
        _document.Dispose();
    }

    private void Add(Jid jid, MemoryStream content)
    {
        try
        {
            var text = Strict.GetString(content.GetBuffer(), 0, (int)content.Length);
            _json.WriteString(jid.ToString(), text);
        }
        catch (DecoderFallbackException)
        {
            throw new CommandErrorException(
                new CommandError(
                    CommandExitCodes.Refused,
                    "not-text",
                    $"The result of job {jid} is not UTF-8, so JSON cannot contain it; "
                        + "use the default output format or --output-dir.",
                    jid
                )
            );
        }
    }

    /// <summary>Collects one result; an incomplete result is not added.</summary>
    private sealed class Text(JsonSink sink, Jid jid) : MemoryStream
    {
        private bool _added;

        public override void Flush()
        {
            if (_added)
                return;
            _added = true;
            sink.Add(jid, this);
        }
    }
}
