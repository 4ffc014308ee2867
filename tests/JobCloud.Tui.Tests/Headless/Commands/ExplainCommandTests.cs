using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class ExplainCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Explain = request => new ExplainReply
        {
            Jid = request.Jid,
            Status = Status.Queued,
            Summary = "no node has 8 cores free.",
            Ahead = 2,
            Nodes =
            {
                new NodeVerdict { Node = "n1", Why = "4 of 8 cores are free" },
                new NodeVerdict { Node = "node2", FitsNow = true },
            },
            Dependencies = { Run(1, 3, Status.Done) },
        };
    }

    [Fact]
    public async Task Explain_prints_why_a_job_waits_for_each_node()
    {
        Assert.Equal(
            """
            Job 7 is queued: no node has 8 cores free.
            2 queued jobs are ahead of it.
            node   fits now  why
            n1     no        4 of 8 cores are free
            node2  yes
            depends on  status
            1-3         done

            """,
            (await RunAsync("explain", "7")).Output
        );
    }

    [Fact]
    public async Task Verdicts_are_objects_in_JSON()
    {
        var json = (await RunAsync("-o", "json", "explain", "7")).Json;

        Assert.Equal("queued", json.GetProperty("status").GetString());
        Assert.True(json.GetProperty("nodes")[1].GetProperty("fits_now").GetBoolean());
        Assert.Equal("1-3", json.GetProperty("dependencies")[0].GetProperty("jids").GetString());
    }
}
