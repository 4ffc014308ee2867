using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Metrics;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Telemetry;

/// <summary>The plain endpoint of metrics of a real node.</summary>
public sealed partial class MetricsEndpointTests : IDisposable
{
    private readonly TestHome _home = new();
    private readonly HttpClient _http = new();
    private readonly int _port = FreePort();

    private string Address => $"http://127.0.0.1:{_port}";

    public void Dispose()
    {
        _http.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_node_serves_its_metrics_and_its_state_and_nothing_else()
    {
        await using var node = await StartAsync();
        await SubmitAsync();

        using var reply = await _http.GetAsync($"{Address}/metrics");
        Assert.Equal(MetricText.MediaType, $"{reply.Content.Headers.ContentType}");
        var text = await reply.Content.ReadAsStringAsync();
        Assert.Contains("jobcloud_jobs{status=\"queued\"} 2\n", text);
        Assert.Contains("jobcloud_jobs_submitted_total 2\n", text);
        Assert.Contains("jobcloud_node_cores{kind=\"total\"} 4\n", text);
        Assert.Contains("jobcloud_requests_total{call=\"Submit\",code=\"ok\"} 1\n", text);
        Assert.Contains("jobcloud_commit_seconds_count ", text);
        Assert.Equal("ok\n", await _http.GetStringAsync($"{Address}/healthz"));
        Assert.Equal("ready\n", await _http.GetStringAsync($"{Address}/readyz"));
        foreach (var path in new[] { "", "/v1/jobs", "/metrics/x", "/jobcloud.api.Cloud/Submit" })
        {
            using var other = await _http.GetAsync(Address + path);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
        using var written = await _http.PostAsync($"{Address}/metrics", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, written.StatusCode);
    }

    [Fact]
    public async Task Served_labels_have_only_values_of_the_catalogue()
    {
        await using var node = await StartAsync();
        await SubmitAsync();
        foreach (var path in new[] { "/jid-7", "/metrics?user=ann" })
            using (await _http.GetAsync(Address + path)) { }
        var text = await _http.GetStringAsync($"{Address}/metrics");
        var series = Series().Matches(text).Where(one => one.Groups["labels"].Length > 0).ToList();
        Assert.NotEmpty(series);
        foreach (var one in series)
        {
            var name = one.Groups["name"].Value;
            var metric = MetricCatalog.All.Single(other =>
                other.Name == name
                || (other.Kind == MetricKind.Histogram && name.StartsWith($"{other.Name}_"))
            );
            foreach (Match label in Label().Matches(one.Groups["labels"].Value))
            {
                var key = label.Groups["key"].Value;
                if (key is "le" or "version")
                    continue;
                var known = metric.Labels.Single(other => other.Name == key);
                Assert.Contains(label.Groups["value"].Value, known.Values);
            }
        }
    }

    [Fact]
    public async Task A_node_without_the_setting_has_no_such_endpoint()
    {
        await using var node = await NodeHost.StartAsync(_home.Settings(), _home.NodeLog, default);
        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync($"{Address}/metrics"));
    }

    [Fact]
    public async Task Damaged_requests_are_harmless()
    {
        const int Connections = 600;
        const int PerConnection = 25;
        await using var node = await StartAsync();
        var mutator = new FrameMutator(seed: 13);
        var request = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();
        for (var at = 0; at < Connections; at++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            var stream = client.GetStream();
            try
            {
                for (var sent = 0; sent < PerConnection; sent++)
                    await stream.WriteAsync(mutator.Mutate(request));
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null).WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The node closed the connection.
            }
        }
        Assert.Equal("ready\n", await _http.GetStringAsync($"{Address}/readyz"));
    }

    [Fact]
    public async Task A_node_whose_port_is_taken_does_not_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Start();
        var e = await Assert.ThrowsAsync<CannotStartException>(StartAsync);
        Assert.StartsWith(
            $"Cannot listen on 127.0.0.1:{_port} (jobcloud.metrics.port): ",
            e.Message
        );
    }

    [PrometheusFact]
    public async Task Promtool_finds_no_fault_in_the_metrics_and_the_rules()
    {
        await using var node = await StartAsync();
        await SubmitAsync();
        var text = await _http.GetStringAsync($"{Address}/metrics");

        Assert.Equal((0, ""), await RunAsync(text, "check", "metrics"));
        var rules = SourceTree.PathOf("docs/operations/alerts.yml");
        Assert.Equal(0, (await RunAsync("", "check", "rules", rules)).Code);
    }

    [PrometheusFact]
    public async Task Prometheus_scrapes_a_node_and_answers_queries()
    {
        await using var node = await StartAsync();
        await SubmitAsync();
        var config = Path.Combine(_home.Path, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: jobcloud
                static_configs: [{ targets: ["127.0.0.1:{{_port}}"] }]
            rule_files: ["{{SourceTree.PathOf("docs/operations/alerts.yml")}}"]
            """
        );
        var port = FreePort();
        using var prometheus = Process.Start(
            new ProcessStartInfo(
                "prometheus",
                [
                    $"--config.file={config}",
                    $"--storage.tsdb.path={_home.Path}/tsdb",
                    $"--web.listen-address=127.0.0.1:{port}",
                ]
            )
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        prometheus.BeginErrorReadLine();
        prometheus.BeginOutputReadLine();
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                    await QueryAsync(port, "sum by (status) (jobcloud_jobs{status=\"queued\"})")
                    == "2",
                "Prometheus knows the queued jobs",
                TimeSpan.FromMinutes(2)
            );
            Assert.Equal("1", await QueryAsync(port, "up{job=\"jobcloud\"}"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    private Task<NodeHost> StartAsync() =>
        NodeHost.StartAsync(
            _home.Settings("--set", $"jobcloud.metrics.port={_port}"),
            _home.NodeLog,
            default,
            _ => new SilentExecutor()
        );

    private async Task SubmitAsync()
    {
        using var client = new GatewayClient(_home.Settings().Gateway.Socket);
        await client.Cloud.SubmitAsync(
            new SubmitRequest
            {
                Count = 2,
                IsMap = true,
                Spec = new JobSpec { Command = "true" },
            }
        );
    }

    /// <summary>The value of a query with one result; null: it has none yet.</summary>
    private async Task<string?> QueryAsync(int port, string query)
    {
        try
        {
            using var reply = JsonDocument.Parse(
                await _http.GetStringAsync(
                    $"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(query)}"
                )
            );
            var result = reply.RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 0
                ? null
                : result[0].GetProperty("value")[1].GetString();
        }
        catch (HttpRequestException)
        {
            return null; // It is starting.
        }
    }

    private static async Task<(int Code, string Errors)> RunAsync(
        string input,
        params string[] arguments
    )
    {
        using var tool = Process.Start(
            new ProcessStartInfo("promtool", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = tool.StandardError.ReadToEndAsync();
        var output = tool.StandardOutput.ReadToEndAsync();
        await tool.StandardInput.WriteAsync(input);
        tool.StandardInput.Close();
        await tool.WaitForExitAsync();
        await output;
        return (tool.ExitCode, await errors);
    }

    [GeneratedRegex(@"^(?<name>[a-z_]+)\{(?<labels>.*)\} ", RegexOptions.Multiline)]
    private static partial Regex Series();

    [GeneratedRegex("(?<key>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Label();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test that requires Prometheus and is skipped on machines without it.</summary>
public sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute()
    {
        if (!Tool.Succeeds("promtool", "--version") || !Tool.Succeeds("prometheus", "--version"))
            Skip = "Prometheus is not installed.";
    }
}
