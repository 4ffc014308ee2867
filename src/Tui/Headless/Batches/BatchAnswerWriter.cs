using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
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
    public bool Write(Stream output, BatchLine line, IReadOnlyList<Reply> replies)
    {
        json.Reset(output);
        json.WriteStartObject();
        json.WritePropertyName("id"u8);
        json.WriteRawValue(line.Id);
        var trouble =
            line.Trouble
            ?? (replies is [.., { Refusal: { } refusal }] ? Trouble.Of(refusal) : null);
        if (trouble is not null)
            ReportWriter.WriteError(json, trouble);
        else
            WriteBody(line, replies);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
        return trouble is null;
    }

    private void WriteBody(BatchLine line, IReadOnlyList<Reply> replies)
    {
        var request = line.Request!;
        if (request.Message is InfoRequest)
            WriteInfo(line.Items!, replies.Where(reply => reply.HasPayload).Select(Read));
        else
            switch (Read(replies[0]))
            {
                case SubmitReply submitted:
                    WriteSubmitted((SubmitRequest)request.Message, submitted);
                    break;
                case StatusReply statuses:
                    WriteStatus(statuses);
                    break;
                case ChangeReply change:
                    json.WriteNumber("selected"u8, change.Selected);
                    json.WriteNumber("changed"u8, change.Changed);
                    break;
                case ListReply list:
                    JobRows.Write(json, list, now());
                    break;
            }

        IMessage Read(Reply reply) => request.Call.ParseReply(reply.Payload);
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

    private void WriteInfo(InfoSelection items, IEnumerable<IMessage> details)
    {
        json.WriteStartObject("info"u8);
        foreach (var job in details.Cast<JobDetail>())
        {
            json.WritePropertyName(job.Jid.ToString(CultureInfo.InvariantCulture));
            InfoJson.Write(json, items.Items, job, now());
        }
        json.WriteEndObject();
    }
}
