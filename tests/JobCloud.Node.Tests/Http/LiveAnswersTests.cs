using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Tests.Executor;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Http;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Http;

/// <summary>What a node answers, against its own description of the API.</summary>
public sealed class LiveAnswersTests(HttpFixture api) : IClassFixture<HttpFixture>
{
    /// <summary>The answers without one JSON document, or that need a job that has run.</summary>
    private static readonly string[] Others =
    [
        "metrics",
        "jobOutput",
        "openApi",
        "jobResults",
        "waitForJobs",
        "jobEnds",
        "jobFiles",
    ];

    [PythonSchemaFact]
    public async Task Answers_are_as_the_openapi_document_describes_them()
    {
        var answers = await AnswersAsync();
        Assert.Equal(
            HttpRoutes
                .All.Where(route => route.Method == "GET" && !Others.Contains(route.Id))
                .Select(route => route.Id)
                .Order(),
            answers
                .Where(answer =>
                    (int)answer!["status"]! == 200 && !Others.Contains((string)answer["id"]!)
                )
                .Select(answer => (string)answer!["id"]!)
                .Distinct()
                .Order()
        );
        var openApi = await api.Client.GetFromJsonAsync<JsonNode>("/openapi.json");
        Assert.Equal("", await ValidateAsync(openApi!, answers));

        foreach (var answer in answers)
            answer!["body"]!["version"] = "one";
        Assert.NotEqual("", await ValidateAsync(openApi!, answers));
    }

    [PythonSchemaFact]
    public async Task Answers_about_jobs_that_ran_are_as_the_openapi_document_describes_them()
    {
        using var home = new TestHome();
        var settings = home.Settings();
        await using var executor = await ExecutorProcess.StartAsync(settings.Paths);
        await using var node = await NodeHost.StartAsync(settings, home.NodeLog, default);
        using var client = HttpFixture.ClientOf(settings.Gateway.HttpSocket);
        using var submitted = await client.PostAsJsonAsync(
            "/v1/jobs",
            new[]
            {
                new { exec = new { command = "mkdir d; echo made > d/f; echo said", cores = 1 } },
                new { exec = new { command = "printf '\\377'", cores = 1 } },
                new { exec = new { command = "exit 3", cores = 1 } },
            }
        );
        Assert.True(submitted.IsSuccessStatusCode, await submitted.Content.ReadAsStringAsync());
        JsonNode[] good =
        [
            await AnswerAsync(client, "waitForJobs", "/v1/jobs/1-2/wait"),
            await AnswerAsync(client, "waitForJob", "/v1/jobs/1/wait-for?status=done"),
            await AnswerAsync(client, "jobResults", "/v1/jobs/1/results"),
            await AnswerAsync(client, "jobResults", "/v1/jobs/1,3/results?ignore_errors"),
            await AnswerAsync(client, "jobFiles", "/v1/jobs/1/files"),
            await AnswerAsync(client, "jobFiles", "/v1/jobs/1/files?path=d"),
            await AnswerAsync(client, "jobInfo", "/v1/jobs/1-3/info?items=all"),
            await AnswerAsync(client, "jobEvents", "/v1/jobs/1-3/events"),
            await AnswerAsync(client, "explainJob", "/v1/jobs/3/explain"),
            await AnswerAsync(client, "jobStatus", "/v1/jobs/1-3"),
            await ChangeAsync("drainNode", "drain?reason=disk"),
            await ChangeAsync("undrainNode", "undrain"),
        ];
        JsonNode[] bad =
        [
            await AnswerAsync(client, "waitForJobs", "/v1/jobs/1-3/wait"),
            await AnswerAsync(client, "jobResults", "/v1/jobs/3/results"),
            await AnswerAsync(client, "jobFiles", "/v1/jobs/1/files?path=none"),
        ];
        Assert.All(good, answer => Assert.Equal(200, (int)answer["status"]!));
        Assert.All(bad, answer => Assert.InRange((int)answer["status"]!, 400, 499));
        Assert.Equal("said\n", (string)good[2]["body"]!["1"]!);
        Assert.Equal("d", (string)good[4]["body"]!["files"]![0]!["name"]!);
        var openApi = await client.GetFromJsonAsync<JsonNode>("/openapi.json");
        Assert.Equal("", await ValidateAsync(openApi!, [.. good, .. bad]));

        async Task<JsonNode> ChangeAsync(string id, string change)
        {
            var name = (await client.GetFromJsonAsync<JsonNode>("/v1/node"))!["node"];
            var target = $"/v1/nodes/{name}/{change}";
            using var request = new HttpRequestMessage(HttpMethod.Post, target);
            return await AnswerAsync(client, id, request);
        }
    }

    [Fact]
    public async Task The_lines_of_a_history_are_its_events_each_with_a_version()
    {
        var killed = await api.SubmitAsync("ann");
        using var kill = await api.Client.PostAsync($"/v1/jobs/{killed}/kill", null);
        var document = await api.Client.GetFromJsonAsync<JsonNode>($"/v1/jobs/{killed}/events");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{killed}/events");
        request.Headers.Accept.ParseAdd("application/x-ndjson");

        using var answer = await api.Client.SendAsync(request);

        var lines = await answer.Content.ReadAsStringAsync();
        Assert.Equal(
            document!["events"]!.AsArray().Select(one => one!.ToJsonString()),
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(WithoutVersion)
        );

        static string WithoutVersion(string line)
        {
            var one = JsonNode.Parse(line)!.AsObject();
            Assert.Equal(1, (int)one["version"]!);
            one.Remove("version");
            return one.ToJsonString();
        }
    }

    [PythonSchemaFact]
    public async Task Answers_to_changes_are_as_the_openapi_document_describes_them()
    {
        var (job, killed) = (await api.SubmitAsync("ann"), await api.SubmitAsync("ann"));
        var answers = new JsonArray();
        foreach (var (id, status, target, body) in Changes(job, killed))
        {
            var method = HttpRoutes.All.Single(route => route.Id == id).Method;
            using var request = new HttpRequestMessage(new HttpMethod(method), target);
            if (body is not null)
                request.Content = new StringContent(body, null, "application/json");
            var answer = await AnswerAsync(api.Client, id, request);
            Assert.True(status == (int)answer["status"]!, $"{method} {target}: {answer}");
            answers.Add(answer);
        }
        Assert.Equal(
            HttpRoutes
                .All.Where(route => route.Method is not ("GET" or "HEAD"))
                .Select(route => route.Id)
                .Append("waitForJob")
                .Order(),
            answers.Select(answer => (string)answer!["id"]!).Distinct().Order()
        );
        var openApi = await api.Client.GetFromJsonAsync<JsonNode>("/openapi.json");
        Assert.Equal("", await ValidateAsync(openApi!, answers));
    }

    /// <summary>Requests to every route that changes something, in an order in which each has its
    /// status.</summary>
    private static (string Id, int Status, string Target, string? Body)[] Changes(
        long job,
        long killed
    ) =>
        [
            ("submitJobs", 201, "/v1/jobs", """{"exec": "true"}"""),
            (
                "submitJobs",
                201,
                "/v1/jobs",
                """[{"exec": "true"}, {"mapexec": {"command": "echo {i}", "range": "1-2"}}]"""
            ),
            ("submitJobs", 400, "/v1/jobs", """{"exec": {"retries": 1}}"""),
            ("prioritizeJobs", 200, $"/v1/jobs/{job}/prioritize?priority=3", null),
            ("retryJobs", 200, $"/v1/jobs/{job}/retry", null),
            ("deleteJobs", 409, $"/v1/jobs/{job}", null),
            ("killJobs", 200, $"/v1/jobs/{killed}/kill", null),
            ("waitForJob", 200, $"/v1/jobs/{killed}/wait-for?status=killed", null),
            ("purgeJobs", 200, $"/v1/purge?query={killed}&dry_run", null),
            ("deleteJobs", 200, $"/v1/jobs/{killed}", null),
            ("deleteJobs", 410, $"/v1/jobs/{killed}", null),
            ("deleteJobs", 404, "/v1/jobs/99999999", null),
            ("putBlob", 201, $"/v1/blobs/{Convert.ToHexStringLower(SHA256.HashData("x"u8))}", "x"),
            ("drainNode", 404, "/v1/nodes/none/drain?reason=disk", null),
            ("undrainNode", 404, "/v1/nodes/none/undrain", null),
            ("putEnvironment", 200, "/v1/environments/e", """{"variables": {"A": "1"}}"""),
            ("deleteEnvironment", 200, "/v1/environments/e", null),
            ("putVolume", 200, "/v1/volumes/v", """{"directory": "/srv", "mount_path": "/v"}"""),
            ("deleteVolume", 200, "/v1/volumes/v", null),
            ("createToken", 201, "/v1/tokens", """{"name": "changes"}"""),
            ("revokeToken", 200, "/v1/tokens/changes", null),
            ("revokeToken", 404, "/v1/tokens/changes", null),
        ];

    private async Task<JsonArray> AnswersAsync()
    {
        var one = await api.SubmitAsync("ann");
        using var map = await api.PostAsync(
            "/v1/jobs",
            """{"mapexec": {"command": "x {i}", "range": "1-3", "label": "night", "depends_on": "1"}}"""
        );
        var jids = (await map.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("first");
        await PutAsync("/v1/volumes/live", """{"directory": "/srv", "mount_path": "/data"}""");
        await PutAsync("/v1/environments/live", """{"variables": {"A": "1"}}""");
        using var token = await api.PostAsync("/v1/tokens", """{"name": "live"}""");
        var killed = await api.SubmitAsync("ann");
        using var kill = await api.Client.PostAsync($"/v1/jobs/{killed}/kill", null);
        var answers = new JsonArray();
        foreach (
            var (id, target) in new[]
            {
                ("listJobs", "/v1/jobs"),
                ("listJobs", "/v1/jobs?query=label:night&expand"),
                ("listJobs", "/v1/jobs?limit=0"),
                ("listJobs", "/v1/jobs?as_of=1s"),
                ("listJobs", "/v1/jobs?as_of=2999-01-01T00:00Z"),
                ("activity", "/v1/activity?since=1h"),
                ("activity", "/v1/activity?since=1h&span=1m"),
                ("activity", "/v1/activity"),
                ("jobStatus", $"/v1/jobs/{one},{jids}"),
                ("jobStatus", "/v1/jobs/99999999"),
                ("jobInfo", $"/v1/jobs/{one},{killed},{jids}/info"),
                ("jobPorts", $"/v1/jobs/{one}/ports"),
                ("waitForJobs", $"/v1/jobs/{killed}/wait?timeout=30"),
                ("waitForJobs", $"/v1/jobs/{one}/wait?timeout=0.01"),
                ("waitForJob", $"/v1/jobs/{killed}/wait-for?status=killed&timeout=30"),
                ("jobEvents", $"/v1/jobs/{one},{killed}/events"),
                ("allEvents", "/v1/events"),
                ("jobFiles", $"/v1/jobs/{one}/files"),
                ("explainJob", $"/v1/jobs/{one}/explain"),
                ("explainJob", $"/v1/jobs/{jids}/explain"),
                ("forecast", "/v1/forecast"),
                ("listNodes", "/v1/nodes"),
                ("nodeStatus", "/v1/node"),
                ("listEnvironments", "/v1/environments"),
                ("showEnvironment", "/v1/environments/live"),
                ("listVolumes", "/v1/volumes"),
                ("showVolume", "/v1/volumes/live"),
                ("listTokens", "/v1/tokens"),
                ("isAlive", "/healthz"),
                ("isReady", "/readyz"),
            }
        )
            answers.Add(await AnswerAsync(api.Client, id, target));
        return answers;
    }

    private static async Task<JsonNode> AnswerAsync(HttpClient client, string id, string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        return await AnswerAsync(client, id, request);
    }

    private static async Task<JsonNode> AnswerAsync(
        HttpClient client,
        string id,
        HttpRequestMessage request
    )
    {
        using var answer = await client.SendAsync(request);
        return new JsonObject
        {
            ["id"] = id,
            ["status"] = (int)answer.StatusCode,
            ["body"] = await answer.Content.ReadFromJsonAsync<JsonNode>(),
        };
    }

    private async Task PutAsync(string path, string json)
    {
        using var put = await api.Client.PutAsync(
            path,
            new StringContent(json, null, "application/json")
        );
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    private async Task<string> ValidateAsync(JsonNode openApi, JsonArray answers)
    {
        var file = Path.Combine(api.Home.Path, "answers.json");
        await File.WriteAllTextAsync(
            file,
            new JsonArray(openApi.DeepClone(), answers.DeepClone()).ToJsonString()
        );
        using var python = Process.Start(
            new ProcessStartInfo(
                PythonSchemaFactAttribute.Python!,
                [SourceTree.PathOf("tests/JobCloud.Node.Tests/Http/validate.py"), file]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = python.StandardError.ReadToEndAsync();
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        return output + await errors;
    }
}

/// <summary>A test that requires Python with jsonschema and is skipped on machines without
/// it.</summary>
public sealed class PythonSchemaFactAttribute : FactAttribute
{
    public static readonly string? Python = new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(
        python => Tool.Succeeds(python, "-c", "import jsonschema")
    );

    public PythonSchemaFactAttribute()
    {
        if (Python is null)
            Skip = "python3-jsonschema is not installed.";
    }
}
