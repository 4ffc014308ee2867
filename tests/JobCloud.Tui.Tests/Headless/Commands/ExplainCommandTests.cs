using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class ExplainCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Forecast = _ => new ForecastReply { Lacking = "too many jobs" };
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
    public async Task Explain_tells_when_a_queued_job_is_expected_to_start_and_from_what()
    {
        Cloud.Forecast = request => new ForecastReply
        {
            Queued = 3,
            Samples = 2,
            StartsAt = request.Jid == 7 ? 1_800_000_000_000_000 : 0,
        };
        var lines = (await RunAsync("explain", "7")).Output.Split('\n');

        Assert.StartsWith("It is expected to start at about 2027-01-15", lines[1]);
        Assert.Contains("It rests on the runtimes of 2 done jobs.", lines[1]);
        Assert.DoesNotContain("expected", (await RunAsync("explain", "8")).Output);
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
