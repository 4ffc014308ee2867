using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Writes answers of a batch, one JSON object a line.</summary>
/// <param name="now">The instant in µs.</param>
internal sealed class BatchAnswerWriter(Func<long> now)
{
    private readonly Utf8JsonWriter json = new(
        Stream.Null,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    /// <summary>Returns whether the answer is a success.</summary>
    public bool Write(Stream output, BatchLine line, Reply? reply)
    {
        json.Reset(output);
        json.WriteStartObject();
        json.WritePropertyName("id"u8);
        json.WriteRawValue(line.Id);
        var trouble =
            line.Trouble ?? (reply is { Refusal: { } refusal } ? Trouble.Of(refusal) : null);
        if (trouble is not null)
            ReportWriter.WriteError(json, trouble);
        else
            WriteBody(line, reply!);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
        return trouble is null;
    }

    private void WriteBody(BatchLine line, Reply reply)
    {
        switch (reply.BodyCase)
        {
            case Reply.BodyOneofCase.Submit:
                WriteSubmitted(line.Request!.Submit, reply.Submit);
                break;
            case Reply.BodyOneofCase.Status:
                WriteStatus(reply.Status);
                break;
            case Reply.BodyOneofCase.Change:
                json.WriteNumber("selected"u8, reply.Change.Selected);
                json.WriteNumber("changed"u8, reply.Change.Changed);
                break;
            case Reply.BodyOneofCase.Info:
                WriteInfo(line.Items!, reply.Info);
                break;
            case Reply.BodyOneofCase.List:
                JobRows.Write(json, reply.List, now());
                break;
        }
    }

    private void WriteSubmitted(SubmitRequest request, SubmitReply reply)
    {
        if (request.DryRun)
            json.WriteBoolean("dry_run"u8, true);
        else if (request.IsMap)
        {
            json.WriteNumber("first"u8, reply.First);
            json.WriteNumber("last"u8, reply.Last);
        }
        else
            json.WriteNumber("jid"u8, reply.First);
    }

    private void WriteStatus(StatusReply reply)
    {
        json.WriteStartArray("jobs"u8);
        foreach (var run in reply.Runs)
        {
            for (var i = 0L; i < run.Count; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("jid"u8, run.First + i);
                json.WriteString("status"u8, StatusWords.Of(run.Status));
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    private void WriteInfo(InfoSelection items, InfoReply reply)
    {
        json.WriteStartObject("info"u8);
        foreach (var job in reply.Jobs)
        {
            json.WritePropertyName(job.Jid.ToString(CultureInfo.InvariantCulture));
            InfoJson.Write(json, items.Items, job, now());
        }
        json.WriteEndObject();
    }
}
