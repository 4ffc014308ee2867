using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Http;

/// <summary>Ranges of a stream of ten bytes, of which a node keeps all but the first two.</summary>
public sealed class OutputRouteTests : IAsyncLifetime
{
    private const string Written = "0123456789";
    private const int Dropped = 2;

    /// <summary>The job whose output is too large for the buffers of a connection.</summary>
    private const long Large = 8;
    private const int LargeChunks = 1_024;
    private const int LargeChunkBytes = 64 * 1024;
    private readonly TestHome _home = new();
    private int _largeChunksRead;
    private GatewayServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var table = new CallTable(new Refusal { Code = RefusalCode.NotSupported });
        table.AddStreaming(CloudCalls.Output, (request, _, _) => ReadAsync(request));
        var search = new SearchHandler((request, _, _) => ReadAsync(request));
        table.AddStreaming(CloudCalls.Search, search.SearchAsync);
        var settings = _home.Settings().Gateway;
        _server = await GatewayServer.StartAsync(
            settings,
            new Dispatcher(table, TestHome.ErrorMapper(_home.NodeLog)),
            _home.Peers,
            _home.Connections(),
            default
        );
        _client = HttpFixture.ClientOf(settings.HttpSocket);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _home.Dispose();
    }

    [Theory]
    [InlineData(null, 200, "23456789", null)]
    [InlineData("bytes=3-5", 206, "345", "bytes 3-5/10")]
    [InlineData("bytes=8-99", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=4-", 206, "456789", "bytes 4-9/10")]
    [InlineData("bytes=-3", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-99", 206, "23456789", "bytes 2-9/10")]
    [InlineData("bytes=0-3", 206, "23", "bytes 2-3/10")]
    [InlineData("bytes=0-0", 416, "", "bytes */10")]
    [InlineData("bytes=10-", 416, "", "bytes */10")]
    [InlineData("bytes=9223372036854775807-", 416, "", "bytes */10")]
    [InlineData("bytes=5-4", 200, "23456789", null)]
    [InlineData("bytes=0-1,3-4,0-1,3-4", 200, "23456789", null)]
    public async Task A_range_is_sent_as_far_as_it_is_kept(
        string? range,
        int status,
        string body,
        string? sent
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs/7/output/stdout");
        if (range is not null)
            request.Headers.TryAddWithoutValidation("Range", range);
        using var answer = await _client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal(sent, answer.Content.Headers.ContentRange?.ToString());
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_followed_stream_has_no_range_and_no_length()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            "/v1/jobs/7/output/stdout?follow"
        );
        request.Headers.TryAddWithoutValidation("Range", "bytes=3-5");
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Written[Dropped..], await answer.Content.ReadAsStringAsync());
        Assert.Equal("2", Assert.Single(answer.Headers.GetValues("JobCloud-Dropped")));
    }

    [Theory]
    [InlineData("grep=warn", "1 Warn: a\n3 warn: c\n")]
    [InlineData("grep=Warn", "1 Warn: a\n")]
    [InlineData("grep=%5E%5B23%5D&regex", "2 ok: b\n3 warn: c\n")]
    [InlineData("grep=warn&follow", "1 Warn: a\n3 warn: c\n")]
    [InlineData("grep=nothing", "")]
    public async Task Matching_lines_are_sent_unchanged(string query, string lines)
    {
        using var answer = await _client.GetAsync($"/v1/jobs/7/output/stderr?{query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(lines, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("regex", "'regex' needs 'grep'.")]
    [InlineData("grep=", "A search needs a pattern.")]
    [InlineData(
        "grep=(&regex",
        "Invalid regular expression: a ')' is missing at character 1 of '('."
    )]
    public async Task A_search_without_a_valid_pattern_is_refused(string query, string message)
    {
        using var answer = await _client.GetAsync($"/v1/jobs/7/output/stderr?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            message,
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]![
                "message"
            ]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task A_search_reports_the_bytes_no_longer_kept()
    {
        using var answer = await _client.GetAsync("/v1/jobs/7/output/stdout?grep=9");
        Assert.Equal($"{Written[Dropped..]}\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("2", Assert.Single(answer.Headers.GetValues("JobCloud-Dropped")));
    }

    [Fact]
    public async Task No_more_is_read_for_a_client_that_does_not_read()
    {
        await using var idle = await HttpFixture.ConnectAsync(_home.Settings().Gateway.HttpSocket);
        await idle.WriteAsync(
            "GET /v1/jobs/8/output/stdout HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray()
        );
        await Eventually.HoldsAsync(() => Read() > 0, "the large output is being read");
        for (var (before, same) = (0, 0); same < 20; )
        {
            using var answer = await _client.GetAsync("/v1/jobs/7/output/stdout");
            Assert.Equal(Written[Dropped..], await answer.Content.ReadAsStringAsync());
            (same, before) = (Read() == before ? same + 1 : 0, Read());
        }
        Assert.InRange(Read(), 1, LargeChunks - 1);

        int Read() => Volatile.Read(ref _largeChunksRead);
    }

    private async IAsyncEnumerable<Outcome<OutputChunk>> ReadAsync(OutputRequest request)
    {
        await Task.Yield();
        for (; request.Jid == Large && _largeChunksRead < LargeChunks; _largeChunksRead++)
            yield return new OutputChunk
            {
                Data = ByteString.CopyFrom(new byte[LargeChunkBytes]),
                Offset = (long)_largeChunksRead * LargeChunkBytes,
                Size = LargeChunks * LargeChunkBytes,
            };
        if (request.Stream == OutputStream.Stderr)
        {
            yield return Lines("1 Warn: a\n2 o", 0);
            yield return Lines("k: b\n3 warn: c\n", 13);
            yield return new OutputChunk { Offset = 28, End = true };
            yield break;
        }
        var wanted = request.Offset < 0 ? Written.Length + request.Offset : request.Offset;
        var at = (int)Math.Clamp(wanted, Dropped, Written.Length);
        if (at == Written.Length)
            yield return new OutputChunk { Offset = at, Size = Written.Length };
        for (; at < Written.Length; at++)
            yield return new OutputChunk
            {
                Data = ByteString.CopyFromUtf8(Written[at..(at + 1)]),
                Offset = at,
                Size = Written.Length,
                Dropped =
                    request.Offset >= 0 && request.Offset < at && at == Dropped
                        ? at - request.Offset
                        : 0,
            };
        yield return new OutputChunk { End = true };
    }

    private static OutputChunk Lines(string text, long offset) =>
        new() { Data = ByteString.CopyFromUtf8(text), Offset = offset };
}
