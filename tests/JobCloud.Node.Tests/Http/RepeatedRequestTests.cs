using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Node.Tests.Http;

/// <summary>What a client needs in order to repeat a request: when, and from where on.</summary>
public sealed class RepeatedRequestTests : IAsyncLifetime
{
    private const long At = 1_795_959_845_123_456;
    private readonly TestHome _home = new();
    private readonly List<EventsRequest> _asked = [];
    private Refusal? _refusal;
    private GatewayServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        var table = new CallTable(Refusals.Of(RefusalCode.Busy, "The node is starting."));
        table.AddUnary(
            CloudCalls.Nodes,
            (_, _, _) =>
                Task.FromResult(
                    _refusal is null ? new Outcome<NodesReply>(new NodesReply()) : _refusal
                )
        );
        table.AddStreaming(CloudCalls.Events, (request, _, _) => EventsAsync(request));
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
    [InlineData(RefusalCode.Busy, 429, true)]
    [InlineData(RefusalCode.StoreUnavailable, 503, true)]
    [InlineData(RefusalCode.NotAllowed, 403, false)]
    [InlineData(RefusalCode.NotFound, 404, false)]
    [InlineData(RefusalCode.TooLarge, 413, false)]
    [InlineData(RefusalCode.Internal, 500, false)]
    public async Task A_refusal_that_passes_says_when_to_try_again(
        RefusalCode code,
        int status,
        bool passes
    )
    {
        _refusal = Refusals.Of(code, "No.");
        using var answer = await _client.GetAsync("/v1/nodes");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(passes, answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_node_that_starts_says_when_to_try_again()
    {
        using var answer = await _client.GetAsync("/v1/jobs");
        Assert.Equal(429, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_history_continues_after_the_last_received_event()
    {
        var first = await EventsAsync(lastId: null);
        Assert.Equal([$"id: {At}", $"id: {At + 5}", $"id: {At + 5}"], IdsIn(first));
        Assert.Equal(0, _asked[^1].Since);

        await EventsAsync($"{At + 5}");
        // Events of other segments may have come later than their time says.
        Assert.Equal(At + 5 - 10_000_000, _asked[^1].Since);
    }

    [Fact]
    public async Task The_id_of_an_event_is_never_older_than_those_before() =>
        Assert.Equal(
            IdsIn(await EventsAsync(lastId: null)).Order(),
            IdsIn(await EventsAsync(lastId: null))
        );

    private static List<string> IdsIn(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("id: "))];

    private async Task<string> EventsAsync(string? lastId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        request.Headers.Add("Accept", "text/event-stream");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        using var answer = await _client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async IAsyncEnumerable<Outcome<EventsReply>> EventsAsync(EventsRequest request)
    {
        _asked.Add(request);
        await Task.Yield();
        foreach (var at in new[] { At, At + 5, At + 3 })
            yield return new EventsReply
            {
                Events =
                {
                    new JobEvent
                    {
                        At = at,
                        Jid = 7,
                        Assigned = new Assigned { Attempt = 1, Node = "n1" },
                    },
                },
            };
    }
}
