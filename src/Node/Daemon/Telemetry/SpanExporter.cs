using System.Net.Http.Headers;
using System.Threading.Channels;
using Google.Protobuf;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Traces;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>Sends the spans of the jobs on this node to a collector. It never holds up a job: what
/// does not fit into its queue, or cannot be sent in time, is lost.</summary>
internal sealed class SpanExporter : IAsyncDisposable
{
    private const int QueuedMax = 20_000;
    private const int AtOnce = 2_000;
    private const int ReplyMaxBytes = 64 << 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue Type = new("application/x-protobuf");

    private readonly Channel<TraceSpan> _queue = Channel.CreateBounded<TraceSpan>(
        new BoundedChannelOptions(QueuedMax) { SingleReader = true }
    );
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _late = new();
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = RequestWithin }
    )
    {
        Timeout = RequestWithin,
        MaxResponseContentBufferSize = ReplyMaxBytes,
    };
    private readonly Uri _endpoint;
    private readonly TraceSource _source;
    private readonly TraceScope _scope;
    private readonly NodeLog _log;
    private readonly TimeProvider _clock;
    private readonly Task _sending;
    private long _lost;

    public SpanExporter(Uri endpoint, string node, string version, NodeLog log, TimeProvider clock)
    {
        (_endpoint, _log, _clock) = (endpoint, log, clock);
        _scope = new TraceScope { Name = "JobCloud", Version = version };
        _source = new TraceSource
        {
            Attributes =
            {
                Attribute("service.name", "jobcloud"),
                Attribute("service.instance.id", node),
                Attribute("service.version", version),
            },
        };
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>How long it may send after the request to stop.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Adds the spans that a commit completes.</summary>
    public void Add(IEnumerable<(Job? Before, Job After)> moved)
    {
        foreach (var span in JobSpans.Of(moved))
            if (!_queue.Writer.TryWrite(span))
                Interlocked.Increment(ref _lost);
    }

    /// <summary>Sends what is queued, within a short time.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _late.CancelAfter(StopWithin);
        await _stopping.CancelAsync();
        await _sending;
        _http.Dispose();
        _stopping.Dispose();
        _late.Dispose();
    }

    private async Task SendAllAsync()
    {
        var queue = _queue.Reader;
        while (await queue.WaitToReadAsync())
        {
            // Several are sent together.
            if (queue.Count < AtOnce)
                await WaitAsync(Interval);
            var spans = new ScopedSpans { Scope = _scope };
            while (spans.Spans.Count < AtOnce && queue.TryRead(out var span))
                spans.Spans.Add(span);
            await SendAsync(spans);
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                Warn($"{lost} spans were lost: there are more than can be sent.");
        }
    }

    private async Task SendAsync(ScopedSpans spans)
    {
        var body = new TraceExport
        {
            Nodes =
            {
                new NodeSpans { Node = _source, Scopes = { spans } },
            },
        }.ToByteArray();
        for (var tries = 1; ; tries++)
        {
            var (problem, status, asked) = await PostAsync(body);
            if (problem is null)
                return;
            if (
                _stopping.IsCancellationRequested
                || SpanDelivery.NextTry(tries, status, asked) is not { } wait
            )
            {
                Warn(
                    $"{spans.Spans.Count} spans were not sent to {_endpoint.Authority}: {problem}"
                );
                return;
            }
            await WaitAsync(wait);
        }
    }

    /// <returns>What went wrong, if anything did; the status, if there was an answer; the time
    /// after which the collector wants to be asked again.</returns>
    private async Task<(string? Problem, int? Status, TimeSpan? Asked)> PostAsync(byte[] body)
    {
        try
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = Type } };
            using var answer = await _http.PostAsync(_endpoint, content, _late.Token);
            if (!answer.IsSuccessStatusCode)
                return (
                    $"it answered with status {(int)answer.StatusCode}.",
                    (int)answer.StatusCode,
                    answer.Headers.RetryAfter?.Delta
                );
            NoteLoss(await answer.Content.ReadAsByteArrayAsync(_late.Token));
            return default;
        }
        catch (HttpRequestException e)
        {
            return ($"{e.Message}.", null, null);
        }
        catch (OperationCanceledException)
        {
            return ("it did not answer in time.", null, null);
        }
    }

    private void NoteLoss(byte[] reply)
    {
        try
        {
            var loss = TraceExportReply.Parser.ParseFrom(reply).PartialSuccess;
            if (loss is { RejectedSpans: > 0 })
                Warn(
                    $"{_endpoint.Authority} rejected {loss.RejectedSpans} spans: {loss.ErrorMessage}"
                );
        }
        catch (InvalidProtocolBufferException)
        {
            // The spans are accepted: the status says so.
        }
    }

    private async Task WaitAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Warn(string message) => _log.WriteRateLimited(LogLevel.Warning, "traces", message);

    private static TraceAttribute Attribute(string key, string text) =>
        new()
        {
            Key = key,
            Value = new() { Text = text },
        };
}
