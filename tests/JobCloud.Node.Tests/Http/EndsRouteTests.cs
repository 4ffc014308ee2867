using System.Net;
using System.Text.Json.Nodes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Http;

public sealed class EndsRouteTests(HttpFixture api) : IClassFixture<HttpFixture>
{
    private const string Submission =
        """{"mapexec": {"command": "true", "copies": 2, "cores": 1}}""";

    [Fact]
    public async Task Ends_are_sent_as_they_happen()
    {
        var (first, last) = await SubmitAsync();
        using var answer = await api.Client.GetAsync(
            $"/v1/jobs/{first}-{last}/ends",
            HttpCompletionOption.ResponseHeadersRead
        );
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var begin = JsonNode.Parse((await lines.ReadLineAsync())!)!;
        Assert.Equal("[]", begin["ended"]!.ToJsonString());
        Assert.False((bool)begin["finished"]!);

        await KillAsync(last);
        Assert.Equal((last, last), await NextEndAsync(lines));
        await KillAsync(first);
        Assert.Equal((first, first), await NextEndAsync(lines));
        Assert.Null(await lines.ReadLineAsync());
    }

    [Fact]
    public async Task Ends_of_an_unknown_job_are_refused()
    {
        using var answer = await api.Client.GetAsync("/v1/jobs/987654/ends");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("unknown-job", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("status=killed", HttpStatusCode.OK, "\"status\":\"killed\"")]
    [InlineData("status=done", HttpStatusCode.Conflict, "can no longer become done")]
    [InlineData("port=8000", HttpStatusCode.Conflict, "bad-end")]
    [InlineData("status=end", HttpStatusCode.BadRequest, "'end' is not a status")]
    [InlineData("port=x", HttpStatusCode.BadRequest, "'x' is not a port")]
    [InlineData("port=8000&status=done", HttpStatusCode.BadRequest, "one of them")]
    [InlineData("", HttpStatusCode.BadRequest, "one of them")]
    public async Task A_wait_ends_once_its_outcome_is_known(
        string query,
        HttpStatusCode status,
        string text
    )
    {
        var (first, last) = await SubmitAsync();
        await KillAsync(first);
        await KillAsync(last);
        using var answer = await api.Client.GetAsync($"/v1/jobs/{first}/wait-for?{query}");
        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_wait_for_a_status_ends_after_its_time()
    {
        var (first, _) = await SubmitAsync();
        using var answer = await api.Client.GetAsync(
            $"/v1/jobs/{first}/wait-for?status=done&timeout=50ms"
        );
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Contains("is not done", body);
        Assert.Contains($"\"jid\":{first},", body);
    }

    [Fact]
    public async Task An_answer_names_its_user()
    {
        using var answer = await api.Client.GetAsync("/healthz");
        Assert.Equal(
            Uri.EscapeDataString(System.Environment.UserName),
            answer.Headers.GetValues("JobCloud-User").Single()
        );
    }

    private async Task<(long First, long Last)> SubmitAsync()
    {
        using var answer = await api.PostAsync("/v1/jobs", Submission);
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return ((long)document["first"]!, (long)document["last"]!);
    }

    private async Task KillAsync(long jid)
    {
        using var answer = await api.Client.PostAsync($"/v1/jobs/{jid}/kill", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var path = $"/v1/jobs/{jid}";
        await Eventually.HoldsAsync(
            async () => (await api.Client.GetStringAsync(path)).Contains("killed"),
            "the job is killed"
        );
    }

    /// <summary>Reads past messages that only count.</summary>
    private static async Task<(long First, long Last)> NextEndAsync(StreamReader lines)
    {
        while (true)
        {
            var line = JsonNode.Parse((await lines.ReadLineAsync())!)!;
            if (line["ended"]!.AsArray() is [{ } run])
            {
                Assert.Equal("killed", (string)run["status"]!);
                return ((long)run["first"]!, (long)run["last"]!);
            }
        }
    }
}
