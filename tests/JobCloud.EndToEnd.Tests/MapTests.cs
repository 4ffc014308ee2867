namespace JobCloud.EndToEnd.Tests;

/// <summary>Maps: one submission, many jobs.</summary>
public class MapTests(Cloud cloud) : IClassFixture<Cloud>
{
    [Fact]
    public async Task A_map_runs_one_job_for_each_value_and_keeps_the_order_of_results()
    {
        var range = await cloud.OkAsync(
            "mapexec",
            "-n",
            "x=a,b,c\\,d",
            "echo {x}:$JOBCLOUD_MAP_INDEX"
        );
        var (first, last) = Ends(range);
        Assert.Equal(2, last - first);
        var result = await cloud.OkAsync("result", range);
        Assert.Contains($"Result for jid {first}:", result);
        Assert.Equal(
            ["a:0", "b:1", "c,d:2"],
            result
                .Split('\n')
                .Where(l => l.Contains(':') && !l.StartsWith("Result", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_job_can_depend_on_a_map_that_spans_segments()
    {
        var range = await cloud.OkAsync("mapexec", "--range", "1-1500", "true");
        var (first, last) = Ends(range);
        Assert.Equal(1_499, last - first);
        var reduce = await cloud.ExecAsync("-x", range, "echo all done");
        await cloud.OkAsync("join", range, "--progress");
        Assert.Equal("all done", await cloud.OkAsync("result", reduce, "-t", "60"));
        Assert.Contains(range, await cloud.OkAsync("ls", "--limit", "5"));
    }

    [Fact]
    public async Task A_whole_map_is_killed_through_one_of_its_jids()
    {
        var range = await cloud.OkAsync("mapexec", "--range", "1-20", "sleep", "1000");
        var (first, _) = Ends(range);
        await cloud.OkAsync("kill", $"map:{first}");
        await cloud.RunAsync("join", "--all", range);
        var statuses = await cloud.OkAsync("-o", "no-header", "status", "--expand", range);
        Assert.All(statuses.Split('\n'), line => Assert.EndsWith("killed", line.TrimEnd()));
    }

    [Fact]
    public async Task Batch_submits_thousands_over_one_connection_and_answers_in_order()
    {
        var requests = string.Join(
            '\n',
            Enumerable
                .Range(0, 1_200)
                .Select(i => $$$"""{"id":{{{i}}},"exec":{"command":"true"}}""")
        );
        var ran = await cloud.RunAsync(["batch"], requests + "\n");
        var jids = ran
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement)
            .ToList();
        Assert.Equal(1_200, jids.Count);
        for (var i = 1; i < jids.Count; i++)
        {
            Assert.Equal(i, jids[i].GetProperty("id").GetInt32());
            Assert.Equal(
                jids[i - 1].GetProperty("jid").GetInt64() + 1,
                jids[i].GetProperty("jid").GetInt64()
            );
        }
        await cloud.OkAsync("join", $"{jids[0].GetProperty("jid")}-{jids[^1].GetProperty("jid")}");
    }

    private static (long First, long Last) Ends(string range)
    {
        var ends = range.Split('-');
        return (long.Parse(ends[0]), long.Parse(ends[1]));
    }
}
