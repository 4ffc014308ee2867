using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>Writes the answers of a batch as one JSON object per line.</summary>
/// <param name="now">The current time in µs.</param>
internal sealed class BatchAnswerWriter(Func<long> now)
{
    private readonly Utf8JsonWriter _json = new(
        Stream.Null,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    /// <summary>The highest jid of the submissions that were answered; 0: none.</summary>
    public long HighestJid { get; private set; }

    /// <summary>Writes one answer; returns true if it is a success.</summary>
    public bool Write(Stream output, BatchLine line, IReadOnlyList<Reply> replies)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WritePropertyName("id"u8);
        _json.WriteRawValue(line.Id);
        var error =
            line.Error
            ?? (replies is [.., { Refusal: { } refusal }] ? CommandError.Of(refusal) : null);
        if (error is not null)
            ReportWriter.WriteError(_json, error);
        else
            WriteBody(line, replies);
        _json.WriteEndObject();
        _json.Flush();
        output.WriteByte((byte)'\n');
        return error is null;
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
                    _json.WriteNumber("selected"u8, change.Selected);
                    _json.WriteNumber("changed"u8, change.Changed);
                    break;
                case ListReply list:
                    JobRows.Write(_json, list, now());
                    break;
            }

        IMessage Read(Reply reply) => request.Call.ParseReply(reply.Payload);
    }

    private void WriteSubmitted(SubmitRequest request, SubmitReply reply)
    {
        HighestJid = Math.Max(HighestJid, reply.Last);
        if (request.DryRun)
            _json.WriteBoolean("dry_run"u8, true);
        else if (request.IsMap)
        {
            _json.WriteNumber("first"u8, reply.First);
            _json.WriteNumber("last"u8, reply.Last);
        }
        else
            _json.WriteNumber("jid"u8, reply.First);
        if (CapacityNote.Of(reply) is { } note)
            _json.WriteString("note"u8, note);
    }

    private void WriteStatus(StatusReply reply)
    {
        _json.WriteStartArray("jobs"u8);
        foreach (var run in reply.Runs)
        {
            for (var i = 0L; i < run.Count; i++)
            {
                _json.WriteStartObject();
                _json.WriteNumber("jid"u8, run.First + i);
                _json.WriteString("status"u8, StatusNames.Of(run.Status));
                _json.WriteEndObject();
            }
        }
        _json.WriteEndArray();
    }

    private void WriteInfo(InfoSelection items, IEnumerable<IMessage> details)
    {
        _json.WriteStartObject("info"u8);
        foreach (var job in details.Cast<JobDetail>())
        {
            _json.WritePropertyName(job.Jid.ToString(CultureInfo.InvariantCulture));
            InfoJson.Write(_json, items.Items, job, now());
        }
        _json.WriteEndObject();
    }
}
