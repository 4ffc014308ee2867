using System.Text.Json;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes one object keyed by jid: results as text, failures as
/// <c>{"error": …}</c>.</summary>
internal sealed class JsonSink : ResultSink
{
    private readonly MemoryStream _text = new();
    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;
    private readonly ResultsDocument _document;

    public JsonSink(Stream output)
    {
        _output = output;
        _json = DocumentWriter.New(_text);
        _document = new ResultsDocument(_json);
    }

    public override Stream Open(Jid jid) => new Text(this, jid);

    public override void AddFailure(CommandError error) =>
        _document.Add(error.Jid, error.ToPublic());

    public override void Complete()
    {
        _document.Complete();
        _text.WriteByte((byte)'\n');
        _text.WriteTo(_output);
        _output.Flush();
    }

    public override void Dispose()
    {
        _json.Dispose();
        _text.Dispose();
    }

    private void Add(Jid jid, MemoryStream content)
    {
        if (!_document.TryAdd(jid, content.GetBuffer().AsSpan(0, (int)content.Length)))
            throw new CommandErrorException(
                new CommandError(
                    ErrorKinds.NotText,
                    $"The result of job {jid} is not UTF-8, so JSON cannot contain it; "
                        + "use the default output format or --output-dir.",
                    jid
                )
            );
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
