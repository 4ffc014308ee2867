using System.Text.Json;
using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Writes the answers of a batch as one JSON object per line.</summary>
/// <param name="now">The current time in µs.</param>
internal sealed class BatchAnswerWriter(Func<long> now)
{
    private readonly Utf8JsonWriter _json = DocumentWriter.New(Stream.Null);

    /// <summary>The highest jid of the submissions that were answered; 0: none.</summary>
    public long HighestJid { get; private set; }

    /// <summary>Writes one answer; returns true if it is a success.</summary>
    public bool Write(Stream output, BatchLine line, IReadOnlyList<Reply> replies)
    {
        _json.Reset(output);
        var id = new JsonLiteral(line.Id);
        var error =
            line.Error
            ?? (replies is [.., { Refusal: { } refusal }] ? CommandError.Of(refusal) : null);
        if (error is null && line.Request!.Message is InfoRequest)
            WriteInfo(line, id, replies);
        else
            DocumentWriter.Write(
                _json,
                (
                    error is null ? Answer(line, replies[0]) : new ErrorDocument(error.ToPublic())
                ).AnswerTo(id)
            );
        output.WriteByte((byte)'\n');
        return error is null;
    }

    private PublicDocument Answer(BatchLine line, Reply reply) =>
        Read(line, reply) switch
        {
            SubmitReply submitted => Submitted((SubmitRequest)line.Request!.Message, submitted),
            StatusReply statuses => StatusDocument.Of(statuses),
            ChangeReply change => ChangeDocument.Of(change),
            ListReply list => ListDocument.Of(list, now()),
            _ => new EmptyDocument(),
        };

    private SubmittedDocument Submitted(SubmitRequest request, SubmitReply reply)
    {
        HighestJid = Math.Max(HighestJid, reply.Last);
        return SubmittedDocument.Of(request, reply);
    }

    private void WriteInfo(BatchLine line, JsonLiteral id, IReadOnlyList<Reply> replies)
    {
        var document = new InfoDocument(_json, line.Items!.Items, id);
        foreach (var reply in replies)
            if (reply.HasPayload)
                document.Add((JobDetail)Read(line, reply), now());
        document.Complete();
    }

    private static IMessage Read(BatchLine line, Reply reply) =>
        line.Request!.Call.ParseReply(reply.Payload);
}
