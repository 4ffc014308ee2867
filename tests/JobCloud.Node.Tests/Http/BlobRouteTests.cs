using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JobCloud.Protocol;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Http;

public sealed class BlobRouteTests(HttpFixture api) : IClassFixture<HttpFixture>
{
    private string Folder => Path.Combine(api.Home.Settings().Paths.Store, "blobs");

    [Theory]
    [InlineData(0, false)]
    [InlineData(700_000, false)]
    [InlineData(700_001, true)]
    public async Task A_file_is_sent_once_and_named_by_its_hash(int length, bool isChunked)
    {
        var (bytes, hash) = FileOf(length);
        Assert.Equal(HttpStatusCode.NotFound, await FindAsync(hash));
        using var sent = await PutAsync(hash, bytes, isChunked);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Equal(
            $$"""{"version":1,"sha256":"{{hash}}","size":{{length}}}""" + "\n",
            await sent.Content.ReadAsStringAsync()
        );
        Assert.Equal(HttpStatusCode.OK, await FindAsync(hash));
        using var submitted = await api.PostAsync("/v1/jobs", Submission(hash, length));
        Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
    }

    [Fact]
    public async Task Only_the_sender_may_name_a_file()
    {
        var (bytes, hash) = FileOf(10);
        using var sent = await PutAsync(hash, bytes, isChunked: false);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        var (found, _) = await api.AskAsync("eve", Role.User, "HEAD", $"/v1/blobs/{hash}");
        Assert.Equal(404, found);
        var (status, body) = await api.AskAsync(
            "eve",
            Role.User,
            "POST",
            "/v1/jobs",
            Submission(hash, 10)
        );
        Assert.Equal(404, status);
        Assert.Contains(hash, body);
    }

    [Fact]
    public async Task A_size_that_is_wrong_names_no_file()
    {
        var (bytes, hash) = FileOf(11);
        using var sent = await PutAsync(hash, bytes, isChunked: false);
        using var submitted = await api.PostAsync("/v1/jobs", Submission(hash, 12));
        Assert.Equal(HttpStatusCode.NotFound, submitted.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_with_another_hash_are_refused(bool isChunked)
    {
        var (bytes, hash) = FileOf(100_000);
        bytes[^1] ^= 1;
        using var sent = await PutAsync(hash, bytes, isChunked);
        Assert.Equal(HttpStatusCode.BadRequest, sent.StatusCode);
        Assert.Contains("do not have the SHA-256", await sent.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, await FindAsync(hash));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_above_the_limit_is_refused(bool isChunked)
    {
        var (bytes, hash) = FileOf((1 << 20) + 1);
        using var sent = await PutAsync(hash, bytes, isChunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, sent.StatusCode);
        Assert.Contains("max-file-size", await sent.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, await FindAsync(hash));
    }

    [Theory]
    [InlineData("Content-Length: 100000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n186a0\r\n")]
    public async Task A_partial_upload_leaves_nothing(string rest)
    {
        var (bytes, hash) = FileOf(100_000);
        var before = Files();
        await using (
            var stream = await HttpFixture.ConnectAsync(api.Home.Settings().Gateway.HttpSocket)
        )
        {
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"PUT /v1/blobs/{hash} HTTP/1.1\r\nHost: x\r\n{rest}")
            );
            await stream.WriteAsync(bytes.AsMemory(0, 80_000));
            await Eventually.HoldsAsync(
                () => Files().Except(before).Any(),
                "the file has begun to arrive"
            );
        }
        await Eventually.HoldsAsync(
            () => !Files().Except(before).Any(),
            "nothing of the file is left"
        );
        Assert.Equal(HttpStatusCode.NotFound, await FindAsync(hash));
    }

    [Theory]
    [InlineData("PUT", "abc")]
    [InlineData("HEAD", "abc")]
    [InlineData("PUT", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public async Task A_name_other_than_a_hash_is_refused(string method, string hash)
    {
        using var request = new HttpRequestMessage(new(method), $"/v1/blobs/{hash}");
        using var answer = await api.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_request_can_contain_the_contents_of_files()
    {
        using var answer = await api.PostAsync(
            "/v1/jobs",
            """{"mapexec": {"command": "cat {f} {g}", "stdin": {"text": "in"}, "data": {"g": {"base64": "AAE="}}, "map_data": {"f": [{"text": "one"}, {"text": "two"}]}}}"""
        );
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, body.ToString());
        Assert.Equal(2, body.GetProperty("count").GetInt64());
    }

    private static string Submission(string hash, long size) =>
        $$"""
            {
              "exec": {
                "command": "cat {f}",
                "data": { "f": { "sha256": "{{hash}}", "size": {{size}} } }
              }
            }
            """;

    private static (byte[] Bytes, string Hash) FileOf(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private string[] Files() =>
        Directory.Exists(Folder)
            ? Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
            : [];

    private async Task<HttpStatusCode> FindAsync(string hash)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/v1/blobs/{hash}");
        using var answer = await api.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PutAsync(string hash, byte[] bytes, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/blobs/{hash}")
        {
            Content = new ByteArrayContent(bytes),
        };
        if (isChunked)
            request.Headers.TransferEncodingChunked = true;
        return await api.Client.SendAsync(request);
    }
}
