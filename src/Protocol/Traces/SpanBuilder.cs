using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Traces;

/// <summary>Makes the spans of one job. All ids follow from the job and its times, so a span has
/// the same id whichever node tells it.</summary>
/// <param name="trace">The trace of the submission; null: the job has one of its own.</param>
internal sealed class SpanBuilder(Job job, TraceParent? trace)
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    private readonly ByteString _trace = trace is null ? OwnTrace(job) : Bytes(trace.TraceId);
    private readonly ByteString _parent = trace is null ? ByteString.Empty : Bytes(trace.SpanId);
    private readonly List<TraceSpan> _spans = [];

    public IReadOnlyList<TraceSpan> Spans => _spans;

    /// <param name="status">The status in which the job was.</param>
    /// <param name="after">The status that followed.</param>
    /// <param name="attempt">Null: it belongs to none.</param>
    public void Add(
        Status status,
        long from,
        long to,
        Status after,
        Reason? reason,
        AttemptRecord? attempt
    )
    {
        // The clocks of two machines may differ.
        to = Math.Max(from, to);
        var span = new TraceSpan
        {
            TraceId = _trace,
            SpanId = SpanId(status, from, to),
            ParentSpanId = _parent,
            Name = StatusNames.Of(status),
            Kind = TraceSpanKind.Internal,
            StartNs = Nanoseconds(from),
            EndNs = Nanoseconds(to),
            Flags = 1,
        };
        span.Attributes.Add(Number("jobcloud.jid", job.Jid));
        if (job.Slice.Submitted.IsMap)
            span.Attributes.Add(Number("jobcloud.map", job.Slice.SubmissionFirst));
        AddText(span, "jobcloud.label", job.Slice.Spec.Label);
        AddText(span, "jobcloud.owner", job.Slice.Owner);
        if (attempt is not null)
        {
            span.Attributes.Add(Number("jobcloud.attempt", attempt.Attempt));
            AddText(span, "jobcloud.node", attempt.Node);
        }
        AddText(span, "jobcloud.status", StatusNames.Of(after));
        if (reason is { Code: not ReasonCode.None })
            AddText(span, "jobcloud.reason", ReasonText.CodeName(reason.Code));
        if (status == Status.Processing && attempt?.Exit is { Signal: 0, NotStarted: "" } exit)
            span.Attributes.Add(Number("process.exit.code", exit.Code));
        if (after.IsBad() || reason is { Code: not ReasonCode.None })
            span.Outcome = new()
            {
                Code = TraceOutcomeCode.Error,
                Message = ReasonText.For(reason),
            };
        _spans.Add(span);
    }

    private ByteString SpanId(Status status, long from, long to)
    {
        Span<byte> facts = stackalloc byte[TraceIdBytes + 4 * sizeof(long)];
        _trace.Span.CopyTo(facts);
        Write(facts[TraceIdBytes..], job.Jid, (long)status, from, to);
        return Hash(facts, SpanIdBytes);
    }

    private static ByteString OwnTrace(Job job)
    {
        Span<byte> facts = stackalloc byte[2 * sizeof(long)];
        Write(facts, job.Jid, job.Slice.Created);
        return Hash(facts, TraceIdBytes);
    }

    private static void Write(Span<byte> facts, params ReadOnlySpan<long> numbers)
    {
        for (var at = 0; at < numbers.Length; at++)
            BinaryPrimitives.WriteInt64LittleEndian(facts[(at * sizeof(long))..], numbers[at]);
    }

    private static ByteString Hash(ReadOnlySpan<byte> facts, int bytes) =>
        ByteString.CopyFrom(SHA256.HashData(facts), 0, bytes);

    private static ByteString Bytes(string hex) => ByteString.CopyFrom(Convert.FromHexString(hex));

    private static ulong Nanoseconds(long microseconds) => (ulong)Math.Max(0, microseconds) * 1000;

    private static void AddText(TraceSpan span, string key, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            span.Attributes.Add(
                new TraceAttribute
                {
                    Key = key,
                    Value = new() { Text = text },
                }
            );
    }

    private static TraceAttribute Number(string key, long number) =>
        new()
        {
            Key = key,
            Value = new() { Number = number },
        };
}
