using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The HTTP API of a node beside the command, with the programs that people use.</summary>
public sealed class HttpTests : IAsyncLifetime
{
    private readonly Cloud _cloud = new();

    /// <summary>Commands, and the requests with the same answers. The command adds to some errors
    /// what to do next, and to the status of a node its own home.</summary>
    private static readonly (string Command, string Target)[] Same =
    [
        ("status 1-5", "/v1/jobs/1-5"),
        ("status 1-5 --expand", "/v1/jobs/1-5?expand"),
        ("ls", "/v1/jobs"),
        ("ls --expand --limit 2", "/v1/jobs?expand&limit=2"),
        ("ls label:night", "/v1/jobs?query=label:night"),
        ("ls failed", "/v1/jobs?query=failed"),
        ("info 1-5", "/v1/jobs/1-5/info"),
        ("info 1 --items stdout,runtime", "/v1/jobs/1/info?items=stdout,runtime"),
        ("result 1,4-5", "/v1/jobs/1,4-5/results"),
        ("result 1-3 --ignore-errors", "/v1/jobs/1-3/results?ignore_errors"),
        ("join 1,3-5", "/v1/jobs/1,3-5/wait"),
        ("events 1-5", "/v1/jobs/1-5/events"),
        ("explain 2", "/v1/jobs/2/explain"),
        ("files 1", "/v1/jobs/1/files"),
        ("status 99", "/v1/jobs/99"),
        ("nodes", "/v1/nodes"),
        ("env list", "/v1/environments"),
        ("env show tex", "/v1/environments/tex"),
        ("env show none", "/v1/environments/none"),
        ("volume list", "/v1/volumes"),
        ("token list", "/v1/tokens"),
        ("status 6", "/v1/jobs/6"),
        ("info 6", "/v1/jobs/6/info"),
        ("result 6", "/v1/jobs/6/results"),
        ("logs 6", "/v1/jobs/6/output/stdout"),
        ("explain 6", "/v1/jobs/6/explain"),
        ("ls --deleted", "/v1/jobs?deleted"),
        ("files 99", "/v1/jobs/99/files"),
        ("join 2,99", "/v1/jobs/2,99/wait"),
        ("wait-for status 1 done", "/v1/jobs/1/wait-for?status=done"),
        ("wait-for status 1 killed", "/v1/jobs/1/wait-for?status=killed"),
        ("wait-for port 1 80", "/v1/jobs/1/wait-for?port=80"),
        ("kill 1-2", "POST /v1/jobs/1-2/kill"),
        ("kill 99", "POST /v1/jobs/99/kill"),
        ("retry 1", "POST /v1/jobs/1/retry"),
        ("prioritize 1 4", "POST /v1/jobs/1/prioritize?priority=4"),
        ("delete 6", "DELETE /v1/jobs/6"),
        ("delete 99", "DELETE /v1/jobs/99"),
        ("purge label:none --dry-run", "POST /v1/purge?query=label:none&dry_run"),
        ("volume delete none", "DELETE /v1/volumes/none"),
        ("token revoke none", "DELETE /v1/tokens/none"),
    ];

    public async Task InitializeAsync()
    {
        await _cloud.OkAsync("node", "start", "--cores", "4");
        await _cloud.ExecAsync("--label", "night", "echo hello");
        await _cloud.ExecAsync("echo oops >&2; exit 3");
        await _cloud.ExecAsync("echo a  b");
        await _cloud.OkAsync("mapexec", "--range", "1-2", "echo {i}");
        await _cloud.OkAsync("env", "create", "tex", "--os-env", "A=1");
        await _cloud.OkAsync("token", "create", "build");
        await _cloud.ExecAsync("true");
        await _cloud.RunAsync("join", "1-6", "--all");
        await _cloud.OkAsync("delete", "6");
    }

    public async Task DisposeAsync() => await _cloud.DisposeAsync();

    [Fact]
    public async Task Curl_gets_what_the_command_prints()
    {
        var differences = new StringBuilder();
        foreach (var (command, target) in Same)
        {
            var (byCommand, byCurl) = ("", "");
            // Some say for how long something has been so: they differ when a second begins.
            for (var tried = 0; tried < 5 && (tried == 0 || byCommand != byCurl); tried++)
            {
                var ran = await _cloud.RunAsync(["-o", "json", .. command.Split(' ')]);
                byCommand = ran.Exit == 0 ? ran.Out : ran.Err;
                byCurl = target.Split(' ') is [var method, var path]
                    ? await CurlAsync("-X", method, $"http://node{path}")
                    : await CurlAsync($"http://node{target}");
            }
            if (byCommand != byCurl)
                differences.Append($"{command}\n  {byCommand}\n{target}\n  {byCurl}\n");
        }
        Assert.Equal("", differences.ToString());
    }

    [Fact]
    public async Task A_job_uses_the_socket_of_its_environment()
    {
        const string Submit =
            "curl -sS --unix-socket ${JOBCLOUD_SERVER#unix:} --json '{\"exec\": \"echo inner $JOBCLOUD_JID\"}' http://node/v1/jobs";
        var outer = await _cloud.ExecAsync(Submit);
        using var answer = JsonDocument.Parse(await _cloud.OkAsync("result", outer));
        var inner = answer.RootElement.GetProperty("jid").GetInt64();
        Assert.Equal($"inner {inner}", await _cloud.OkAsync("result", $"{inner}"));

        var refused = await _cloud.OkAsync(
            "result",
            await _cloud.ExecAsync(
                "curl -sS --unix-socket ${JOBCLOUD_SERVER#unix:} http://node/v1/tokens"
            )
        );
        Assert.Contains("\"code\":\"not-allowed\"", refused);
    }

    [Fact]
    public async Task A_file_that_was_sent_reaches_jobs()
    {
        var path = Path.Combine(_cloud.Home, "numbers");
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        await File.WriteAllBytesAsync(path, bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await CurlAsync("-T", path, $"http://node/v1/blobs/{hash}");
        var content = $$"""{"sha256": "{{hash}}", "size": {{bytes.Length}}}""";
        var submitted = await CurlAsync(
            "--json",
            """
            [{"exec": {"command": "sha256sum", "stdin": CONTENT}},
             {"exec": {"command": "sha256sum < {f}", "data": {"f": CONTENT}}},
             {"mapexec": {"command": "cat {t}", "map_data": {"t": [{"text": "one"}, {"base64": "dHdv"}]}}}]
            """.Replace("CONTENT", content),
            "http://node/v1/jobs"
        );
        using var answer = JsonDocument.Parse(submitted);
        var first = answer.RootElement.GetProperty("jobs")[0].GetProperty("jid").GetInt64();
        Assert.Equal($"{hash}  -", await _cloud.OkAsync("result", $"{first}"));
        Assert.Equal($"{hash}  -", await _cloud.OkAsync("result", $"{first + 1}"));
        Assert.Equal("one", await _cloud.OkAsync("result", $"{first + 2}"));
        Assert.Equal("two", await _cloud.OkAsync("result", $"{first + 3}"));
    }

    [Fact]
    public async Task The_trace_of_a_submitter_reaches_its_jobs()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var submitted = await CurlAsync(
            "-H",
            $"traceparent: {Trace}",
            "--json",
            """{"exec": "echo $TRACEPARENT; $JOBCLOUD exec 'echo $TRACEPARENT' > inner; $JOBCLOUD result $(cat inner)"}""".Replace(
                "$JOBCLOUD",
                Cloud.Program("jobcloud")
            ),
            "http://node/v1/jobs"
        );
        using var answer = JsonDocument.Parse(submitted);
        var jid = answer.RootElement.GetProperty("jid").GetInt64();
        Assert.Equal($"{Trace}\n{Trace}", await _cloud.OkAsync("result", $"{jid}"));
    }

    /// <summary>The body of the answer.</summary>
    private async Task<string> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(
            new ProcessStartInfo(
                "curl",
                ["-sS", "--unix-socket", $"{_cloud.Home}/run/http.sock", .. arguments]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = curl.StandardError.ReadToEndAsync();
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        Assert.Equal("", await errors);
        return output;
    }
}
