using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JobCloud.Node.Daemon.Http;
using JobCloud.Protocol;
using JobCloud.Protocol.Http;

namespace JobCloud.Node.Tests.Http;

public sealed class HttpRouterTests(HttpFixture api) : IClassFixture<HttpFixture>
{
    [Fact]
    public void Every_route_has_a_handler() =>
        Assert.Equal(HttpRoutes.All.Select(route => route.Id).Order(), RouteHandlers.Ids.Order());

    [Theory]
    [InlineData("GET", "/v1/jbos", 404, "not-found")]
    [InlineData("GET", "/", 404, "not-found")]
    [InlineData("PUT", "/v1/jobs", 405, "usage")]
    [InlineData("POST", "/v1/jobs/1", 405, "usage")]
    [InlineData("GET", "/v1/jobs/123456789", 404, "unknown-job")]
    [InlineData("GET", "/v1/jobs/x%20y", 400, "usage")]
    [InlineData("GET", "/v1/jobs?limit=0", 400, "usage")]
    [InlineData("GET", "/v1/jobs?lmit=1", 400, "usage")]
    [InlineData("GET", "/v1/jobs?query=created%3E", 400, "usage")]
    [InlineData("GET", "/v1/jobs/1/output/stdin", 400, "usage")]
    [InlineData("GET", "/v1/jobs/1-2/output/stdout", 400, "usage")]
    [InlineData("GET", "/v1/events?follow", 400, "usage")]
    [InlineData("POST", "/v1/jobs/1/prioritize", 400, "usage")]
    [InlineData("GET", "/v1/volumes/none", 404, "not-found")]
    [InlineData("GET", "/v1/jobs/1/info?items=colour", 400, "usage")]
    public async Task An_error_has_a_status_a_code_and_a_sentence(
        string method,
        string target,
        int status,
        string code
    )
    {
        using var answer = await api.Client.SendAsync(new(new HttpMethod(method), target));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var error = (await BodyAsync(answer)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.EndsWith(".", error.GetProperty("message").GetString()!.Replace("?", "."));
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task Metrics_are_text_for_Prometheus()
    {
        using var answer = await api.Client.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", Type(answer));
        Assert.Contains("jobcloud_build_info{", await answer.Content.ReadAsStringAsync());

        static string? Type(HttpResponseMessage answer) =>
            answer.Content.Headers.ContentType?.ToString();
    }

    [Fact]
    public async Task A_job_is_submitted_shown_and_killed()
    {
        using var submitted = await api.PostAsync("/v1/jobs", """{"exec": "true"}""");
        Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
        var jid = (await BodyAsync(submitted)).GetProperty("jid").GetInt64();
        var status = await GetAsync($"/v1/jobs/{jid}");
        Assert.Equal(jid, status.GetProperty("jobs")[0].GetProperty("jid").GetInt64());
        var list = await GetAsync($"/v1/jobs?query={jid}");
        Assert.Equal(1, list.GetProperty("jobs").GetArrayLength());
        Assert.True((await GetAsync($"/v1/jobs/{jid}/info")).TryGetProperty($"{jid}", out _));
        Assert.Equal(
            jid,
            (await GetAsync($"/v1/jobs/{jid}/explain")).GetProperty("jid").GetInt64()
        );
        Assert.True(
            (await GetAsync($"/v1/jobs/{jid}/events")).GetProperty("events").GetArrayLength() > 0
        );
        using var killed = await api.Client.PostAsync($"/v1/jobs/{jid}/kill", null);
        Assert.Equal(1, (await BodyAsync(killed)).GetProperty("selected").GetInt64());
    }

    [Fact]
    public async Task Finished_jobs_are_purged()
    {
        var jid = await api.SubmitAsync("ann");
        Assert.Equal((400, true), await PurgeAsync("", "Say which finished jobs to purge"));
        Assert.Equal((400, true), await PurgeAsync("?query=created%3E", "\"usage\""));
        const string Nothing = """{"version":1,"selected":0,"changed":0}""";
        Assert.Equal((200, true), await PurgeAsync($"?query={jid}", Nothing));
        await api.AskAsync("ann", Role.User, "POST", $"/v1/jobs/{jid}/kill");
        Assert.Equal((200, true), await PurgeAsync($"?query={jid}&older_than=1h", Nothing));
        Assert.Equal(
            (200, true),
            await PurgeAsync($"?query={jid}&dry_run", """{"version":1,"selected":1,"changed":0}""")
        );
        Assert.Equal(
            (200, true),
            await PurgeAsync($"?query={jid}", """{"version":1,"selected":1,"changed":1}""")
        );
        var (status, _) = await api.AskAsync("ann", Role.User, "GET", $"/v1/jobs/{jid}/info");
        Assert.Equal(410, status);

        async Task<(int, bool)> PurgeAsync(string query, string text)
        {
            var (status, body) = await api.AskAsync("ann", Role.User, "POST", $"/v1/purge{query}");
            return (status, body.Contains(text));
        }
    }

    [Fact]
    public async Task A_list_is_submitted_as_a_whole_or_not_at_all()
    {
        var list = $"[{string.Join(',', Enumerable.Repeat("""{"exec": "true"}""", 500))}]";
        using var submitted = await api.PostAsync("/v1/jobs", list);
        Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
        var jids = (await BodyAsync(submitted))
            .GetProperty("jobs")
            .EnumerateArray()
            .Select(job => job.GetProperty("jid").GetInt64())
            .ToList();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => jids[0] + i), jids);

        using var refused = await api.PostAsync(
            "/v1/jobs",
            """[{"exec": "true"}, {"exec": {"command": "true", "depends_on": "123456789"}}]"""
        );
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.StartsWith(
            "Submission 2:",
            (await BodyAsync(refused)).GetProperty("error").GetProperty("message").GetString()
        );
        Assert.Equal(
            jids.Max(),
            (await GetAsync("/v1/jobs/last")).GetProperty("jobs")[0].GetProperty("jid").GetInt64()
        );
    }

    [Theory]
    [InlineData("""{"exec": "true"}""")]
    [InlineData("""[{"exec": "true"}]""")]
    public async Task The_trace_of_a_request_is_passed_on(string body)
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new StringContent(body, null, "application/json"),
            Headers = { { "traceparent", Trace } },
        };
        using var answer = await api.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var submitted = await BodyAsync(answer);
        var job = submitted.TryGetProperty("jobs", out var jobs) ? jobs[0] : submitted;
        var jid = $"{job.GetProperty("jid").GetInt64()}";
        var info = (await GetAsync($"/v1/jobs/{jid}/info?items=attributes")).GetProperty(jid);
        Assert.Contains($"\"TRACEPARENT\":\"{Trace}\"", info.ToString());
    }

    [Fact]
    public async Task A_key_of_other_submissions_is_refused()
    {
        var statuses = new List<int>();
        foreach (var count in new[] { 2, 3 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
            {
                Content = JsonContent.Create(
                    Enumerable.Repeat(new Dictionary<string, string> { ["exec"] = "true" }, count)
                ),
                Headers = { { "Idempotency-Key", "other-list" } },
            };
            using var answer = await api.Client.SendAsync(request);
            statuses.Add((int)answer.StatusCode);
        }
        Assert.Equal([201, 400], statuses);
    }

    [Theory]
    [InlineData("""{"exec": "true"}""")]
    [InlineData(
        """[{"exec": "true"}, {"mapexec": {"command": "echo {x}", "map_data": {"x": ["a", "b"]}}}]"""
    )]
    public async Task A_repeated_request_with_its_key_submits_nothing_more(string body)
    {
        var key = Guid.NewGuid().ToString();
        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
            {
                Content = new StringContent(body, null, "application/json"),
                Headers = { { "Idempotency-Key", key } },
            };
            using var answer = await api.Client.SendAsync(request);
            answers.Add(await answer.Content.ReadAsStringAsync());
            Assert.True(answer.StatusCode == HttpStatusCode.Created, answers[^1]);
        }
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_read()
    {
        await using var stream = await HttpFixture.ConnectAsync(
            api.Home.Settings().Gateway.HttpSocket
        );
        await stream.WriteAsync(
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"u8.ToArray()
        );
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_body_in_chunks_is_refused_once_it_is_too_large()
    {
        var large = new string(' ', 70_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new StringContent(large, null, "application/json"),
            Headers = { TransferEncodingChunked = true },
        };
        using var answer = await api.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    public async Task A_body_of_another_type_than_json_is_refused(string type)
    {
        using var answer = await api.Client.PostAsync(
            "/v1/jobs",
            new StringContent("""{"exec": "true"}""", null, type)
        );
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Accept", "image/png", 406)]
    [InlineData("Last-Event-ID", "soon", 400)]
    public async Task A_header_that_does_not_fit_is_refused(string name, string value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        request.Headers.Add(name, value);
        using var answer = await api.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Head_and_options_answer_without_a_body()
    {
        using var head = await api.Client.SendAsync(new(HttpMethod.Head, "/v1/nodes"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("", await head.Content.ReadAsStringAsync());
        using var options = await api.Client.SendAsync(new(HttpMethod.Options, "/v1/jobs"));
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Equal(["GET", "HEAD", "OPTIONS", "POST"], options.Content.Headers.Allow.Order());
        Assert.False(options.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_socket_of_grpc_answers_http_too()
    {
        using var client = HttpFixture.ClientOf(api.Home.Settings().Gateway.Socket);
        using var answer = await client.GetAsync("/healthz");
        Assert.Equal("""{"version":1}""" + "\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_wait_ends_with_its_time_limit()
    {
        var jid = await api.SubmitAsync("ann");
        using var answer = await api.Client.GetAsync($"/v1/jobs/{jid}/wait?timeout=0.01s");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal(
            "timeout",
            (await BodyAsync(answer)).GetProperty("error").GetProperty("code").GetString()
        );
    }

    [Fact]
    public async Task Events_are_followed_as_server_sent_events()
    {
        var jid = await api.SubmitAsync("ann");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{jid}/events?follow");
        request.Headers.Add("Accept", "text/event-stream");
        using var answer = await api.Client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead
        );
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.StartsWith("id: ", await reader.ReadLineAsync());
        Assert.StartsWith("""data: {"version":1,"time":""", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        using var killed = await api.Client.PostAsync($"/v1/jobs/{jid}/kill", null);
        while (await reader.ReadLineAsync() is { } line)
            if (line.Contains("\"kill", StringComparison.Ordinal))
                return;
        Assert.Fail("The kill was not reported.");
    }

    [Fact]
    public async Task Environments_volumes_and_tokens_are_created_shown_and_deleted()
    {
        foreach (
            var (path, body) in new[]
            {
                ("/v1/volumes/data", """{"directory": "/srv", "mount_path": "/data"}"""),
                ("/v1/environments/e", """{"variables": {"A": "1"}, "path": ["/opt/bin"]}"""),
            }
        )
        {
            for (var i = 0; i < 2; i++)
            {
                using var put = await api.Client.PutAsync(
                    path,
                    new StringContent(body, null, "application/json")
                );
                Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
            }
            Assert.Equal(
                path.Split('/')[^1],
                (await GetAsync(path)).GetProperty("name").GetString()
            );
            using var deleted = await api.Client.DeleteAsync(path);
            Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        }
        using var created = await api.PostAsync("/v1/tokens", """{"name": "t1"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.NotEqual("", (await BodyAsync(created)).GetProperty("secret").GetString());
        using var wrong = await api.PostAsync("/v1/tokens", """{"nam": "t1"}""");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var revoked = await api.Client.DeleteAsync("/v1/tokens/t1");
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        var tokens = await GetAsync("/v1/tokens");
        Assert.Equal("revoked", tokens.GetProperty("tokens")[0].GetProperty("state").GetString());
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await api.Client.GetAsync(path);
        var body = await BodyAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        Assert.Equal(1, body.GetProperty("version").GetInt32());
        return body;
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>();
}
