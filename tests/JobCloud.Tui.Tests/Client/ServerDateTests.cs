using JobCloud.Client.Connections;

namespace JobCloud.Tui.Tests.Client;

/// <summary>A client learns the clock of a remote node from its answers.</summary>
public sealed class ServerDateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, 900, TimeSpan.Zero);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(-3_600, -3_600)]
    [InlineData(7_200, 7_200)]
    public async Task A_node_clock_that_differs_by_more_than_a_moment_is_used(
        int seconds,
        long ahead
    )
    {
        using var date = new ServerDate(new Node(Now.AddSeconds(seconds)), new OwnClock());
        Assert.False(date.IsKnown);

        await AnswerAsync(date);

        Assert.True(date.IsKnown);
        Assert.InRange(date.Ahead, ahead * 1_000_000 - 1_000_000, ahead * 1_000_000);
    }

    [Fact]
    public async Task An_answer_without_a_date_is_ignored()
    {
        using var date = new ServerDate(new Node(null), new OwnClock());

        await AnswerAsync(date);

        Assert.Equal((0, false), (date.Ahead, date.IsKnown));
    }

    private static async Task AnswerAsync(ServerDate date)
    {
        using var client = new HttpMessageInvoker(date, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://node/");
        using var response = await client.SendAsync(request, CancellationToken.None);
    }

    private sealed class OwnClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Node(DateTimeOffset? date) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var response = new HttpResponseMessage();
            // A date has whole seconds.
            response.Headers.Date = date is { } at
                ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds())
                : null;
            return Task.FromResult(response);
        }
    }
}
