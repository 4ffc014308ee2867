using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Tests.Gateway;

public sealed class OutputSearchTests : OutputTest
{
    [Fact]
    public async Task A_search_covers_all_that_isKeeps_and_counts_truly()
    {
        Finished();
        var text = string.Concat(Enumerable.Range(0, 120_000).Select(i => $"{i:D7} INFO\n"));
        Outputs.Streams[(1, 1)] = System.Text.Encoding.ASCII.GetBytes(text);
        Outputs.Max = 1 << 20;
        var request = new SearchRequest
        {
            Output = new OutputRequest { Jid = 1 },
            Pattern = "0060000 info",
            Texts = true,
        };

        var replies = await SearchAsync(request);
        var match = Assert.Single(replies.SelectMany(reply => reply.Matches));
        Assert.Equal((60_001, 60_000 * 13), (match.Line, match.Offset));
        Assert.Equal("0060000 INFO", match.Text.ToStringUtf8());
        Assert.Equal((1, 120_000), (replies[^1].Count, replies[^1].Lines));
        Assert.True(replies[^1].End);
        Assert.InRange(replies.Count, 2, 10);

        request = new SearchRequest
        {
            Output = new OutputRequest { Jid = 1, Offset = 13 * 100_000 },
            Pattern = "0[0-9]+ INFO",
            Regex = true,
        };
        replies = await SearchAsync(request);
        Assert.Equal(20_000, replies[^1].Count);
        Assert.Equal(20_000, replies.Sum(reply => reply.Matches.Count));
        Assert.All(replies.SelectMany(reply => reply.Matches), m => Assert.Empty(m.Text));
    }

    [Fact]
    public async Task A_search_reports_dropped_output_and_refuses_a_bad_pattern()
    {
        Finished();
        Outputs.Streams[(1, 1)] = "abc\ndef\ne"u8.ToArray();
        Outputs.Dropped = 4;
        var request = new SearchRequest
        {
            Output = new OutputRequest { Jid = 1 },
            Pattern = "e",
        };
        var replies = await SearchAsync(request);
        Assert.Equal((4, 4), (replies[0].Dropped, replies[0].KeptFrom));
        Assert.Equal([4, 8], replies.SelectMany(r => r.Matches).Select(m => m.Offset));

        (request.Pattern, request.Regex) = ("e(", true);
        var search = new SearchHandler(Handler(5).OutputAsync).SearchAsync(request, Ann, default);
        await foreach (var answer in search)
            Assert.Equal(RefusalCode.Usage, answer.Refusal!.Code);
    }

    private async Task<List<SearchReply>> SearchAsync(SearchRequest request)
    {
        var replies = new List<SearchReply>();
        var handler = new SearchHandler(Handler(16 << 10).OutputAsync);
        await foreach (var reply in handler.SearchAsync(request, Ann, default))
            replies.Add(reply.Reply!);
        return replies;
    }
}
