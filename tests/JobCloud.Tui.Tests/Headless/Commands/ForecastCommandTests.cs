using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class ForecastCommandTests : CommandTest
{
    private const long Minute = 60_000_000;
    private const long At = 1_800_000_000_000_000;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Forecast = _ => new ForecastReply
        {
            At = At,
            Queued = 40,
            UnknownQueued = 3,
            Samples = 214,
            EmptyAt = At + 20 * Minute,
            Jobs =
            {
                new ForecastJobs
                {
                    First = 3,
                    Last = 42,
                    Jobs = 40,
                    StartsFrom = At + Minute,
                    StartsUntil = At + 20 * Minute,
                    EndsAt = At + 21 * Minute,
                    RuntimeUs = Minute,
                    Basis = RuntimeBasis.Map,
                    Samples = 214,
                    Command = "fit {n}",
                },
            },
        };
    }

    [Fact]
    public async Task A_row_tells_when_the_jobs_of_a_map_start_and_what_that_rests_on()
    {
        var lines = (await RunAsync("forecast")).Output.Split('\n');

        Assert.StartsWith("jids  queued  starts", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("3-42  40 ", lines[1], StringComparison.Ordinal);
        Assert.Contains("214 elements of its map", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("fit {n}", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instants_and_counts_are_members_in_JSON()
    {
        var json = (await RunAsync("-o", "json", "forecast")).Json;

        Assert.Equal(3, json.GetProperty("unknown_runtime").GetInt32());
        Assert.Equal("map", json.GetProperty("jobs")[0].GetProperty("basis").GetString());
        Assert.Equal(60, json.GetProperty("jobs")[0].GetProperty("runtime").GetDouble());
    }
}
