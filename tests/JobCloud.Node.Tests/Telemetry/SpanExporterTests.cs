using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Http;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Traces;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Telemetry;

/// <summary>Spans, as a collector gets them.</summary>
public sealed class SpanExporterTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private readonly TestHome _home = new();
    private readonly Collector _collector = new();

    public void Dispose()
    {
        _collector.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_node_sends_the_spans_of_its_jobs_to_the_collector()
    {
        var settings = _home.Settings("--set", $"jobcloud.traces.endpoint={_collector.Url}");
        await using var node = await NodeHost.StartAsync(
            settings,
            _home.NodeLog,
            default,
            _ => new SilentExecutor()
        );
        using var client = HttpFixture.ClientOf(settings.Gateway.HttpSocket);
        using var submission = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new StringContent(
                """{"exec": {"command": "secret", "label": "night", "cores": 99}}""",
                null,
                "application/json"
            ),
            Headers = { { "traceparent", $"00-{TraceId}-b7ad6b7169203331-01" } },
        };
        await Eventually.HoldsAsync(
            async () => (await client.GetAsync("/readyz")).IsSuccessStatusCode,
            "the node is ready"
        );
        using var submitted = await client.SendAsync(submission);
        Assert.True(submitted.IsSuccessStatusCode, await submitted.Content.ReadAsStringAsync());
        using var killed = await client.PostAsync("/v1/jobs/1/kill", null);
        await Eventually.HoldsAsync(() => !_collector.Received.IsEmpty, "the collector has spans");

        var sent = Assert.Single(Assert.Single(_collector.Received).Nodes);
        Assert.Contains(
            sent.Node.Attributes,
            one => (one.Key, one.Value.Text) == ("service.instance.id", settings.Node.Name)
        );
        var span = Assert.Single(Assert.Single(sent.Scopes).Spans);
        Assert.Equal(("queued", TraceId), (span.Name, Convert.ToHexStringLower(span.TraceId.Span)));
        Assert.Equal(TraceOutcomeCode.Error, span.Outcome.Code);
        Assert.Contains(span.Attributes, one => one.Value.Text == "night");
        Assert.DoesNotContain("secret", sent.ToString());
    }

    [Fact]
    public async Task Spans_are_sent_again_while_the_collector_is_busy()
    {
        _collector.Statuses.Enqueue(503);
        await using var exporter = Start();
        exporter.Add(Ended());
        await Eventually.HoldsAsync(() => _collector.Received.Count == 2, "two requests");
        Assert.Equal(_collector.Received.First(), _collector.Received.Last());
        Assert.Equal("", $"{_home.Log}");
    }

    [Fact]
    public async Task Spans_that_the_collector_refuses_are_lost_with_one_line_in_the_log()
    {
        _collector.Statuses.Enqueue(400);
        await using (var exporter = Start())
        {
            exporter.Add(Ended());
            await Eventually.HoldsAsync(() => $"{_home.Log}".Length > 0, "a line in the log");
            exporter.Add(Ended());
        }
        Assert.Equal(2, _collector.Received.Count);
        var line = Assert.Single($"{_home.Log}".Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith(
            $"WARNING traces: 1 spans were not sent to {new Uri(_collector.Url).Authority}: it answered with status 400.",
            line
        );
    }

    [Fact]
    public async Task A_stopping_exporter_sends_its_spans_and_waits_for_no_dead_collector()
    {
        await using (var exporter = Start())
            exporter.Add(Ended());
        Assert.Single(_collector.Received);

        _collector.Dispose();
        await using (var exporter = Start())
            exporter.Add(Ended());
        Assert.Contains("1 spans were not sent", $"{_home.Log}");
    }

    [Theory]
    [InlineData("http://c:4318", "http://c:4318/v1/traces")]
    [InlineData("http://c:4318/", "http://c:4318/v1/traces")]
    [InlineData("https://c/otlp?key=1", "https://c/otlp?key=1")]
    public void An_endpoint_without_a_path_has_that_of_the_protocol(string setting, string url) =>
        Assert.Equal(
            url,
            _home
                .Settings("--set", $"jobcloud.traces.endpoint={setting}")
                .Traces.Endpoint?.ToString()
        );

    private SpanExporter Start() =>
        new(new Uri(_collector.Url), "n1", "1.0", _home.NodeLog, TimeProvider.System)
        {
            StopWithin = TimeSpan.FromMinutes(1),
        };

    private static List<(Job? Before, Job After)> Ended()
    {
        var moved = new List<(Job?, Job)>();
        var story = new JobStory
        {
            Committed = batch => moved.AddRange(batch.Effects.Moved.Values),
        };
        story.Submit().Change(Protocol.Nodes.Change.Kill, 1);
        return moved;
    }

    /// <summary>A collector that keeps what it gets.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Collector()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/v1/traces";
            }
            _listener.Prefixes.Add($"{Url}/");
            _listener.Start();
            _ = ServeAsync();
        }

        public string Url { get; }
        public ConcurrentQueue<TraceExport> Received { get; } = [];

        /// <summary>The statuses of the next answers; then 200.</summary>
        public ConcurrentQueue<int> Statuses { get; } = [];

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var http = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await http.Request.InputStream.CopyToAsync(body);
                    Assert.Equal("application/x-protobuf", http.Request.ContentType);
                    Received.Enqueue(TraceExport.Parser.ParseFrom(body.ToArray()));
                    http.Response.StatusCode = Statuses.TryDequeue(out var status) ? status : 200;
                    http.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // It is closed.
            }
        }
    }
}
