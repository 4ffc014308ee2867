using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class EventsCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var submitted = new JobEvent
        {
            Jid = 10,
            Count = 3,
            At = 1_000_000,
            By = "ada",
            Submitted = new Submitted { Owner = "ada" },
        };
        var assigned = new JobEvent
        {
            Jid = 10,
            At = 2_000_000,
            Assigned = new Assigned { Attempt = 1, Node = "n1" },
        };
        var bookkeeping = new JobEvent
        {
            Jid = 10,
            DependentsRegistered = new DependentsRegistered(),
        };
        Cloud.Events = _ =>
            [
                new EventsReply { Events = { submitted, bookkeeping } },
                new EventsReply { Events = { assigned } },
            ];
    }

    [Fact]
    public async Task Events_are_a_table_with_the_newest_last()
    {
        var lines = (await RunAsync("events", "10-12")).Output.Split('\n');

        Assert.StartsWith("time", lines[0]);
        Assert.Contains("10-12  submitted  ada", lines[1]);
        Assert.Contains("n1", lines[2]);
        Assert.Equal(4, lines.Length);
        Assert.Equal([Range(10, 12)], Cloud.The<EventsRequest>().Jobs.Items);
    }

    [Fact]
    public async Task Events_in_JSON_have_their_time_in_UTC()
    {
        var events = (await RunAsync("-o", "json", "events")).Json.GetProperty("events");

        Assert.Equal("1970-01-01T00:00:01.000000Z", events[0].GetProperty("time").GetString());
        Assert.Equal("assigned", events[1].GetProperty("what").GetString());
        Assert.Equal(JsonValueKind.Null, events[1].GetProperty("by").ValueKind);
    }

    [Fact]
    public async Task Followed_events_in_JSON_are_one_line_each()
    {
        var lines = (await RunAsync("-o", "json", "events", "-f")).Output.Trim().Split('\n');

        Assert.True(Cloud.The<EventsRequest>().Follow);
        Assert.Equal(
            ["submitted", "assigned"],
            lines.Select(line =>
                JsonDocument.Parse(line).RootElement.GetProperty("what").GetString()
            )
        );
    }

    [Fact]
    public async Task Followed_events_as_text_are_one_line_each()
    {
        var lines = (await RunAsync("events", "-f")).Output.Trim().Split('\n');

        Assert.Equal(3, lines.Length);
        foreach (var (title, first, second) in new[] { ("by", "ada", "- "), ("node", "- ", "n1") })
        {
            var column = lines[0].IndexOf($" {title} ") + 1;
            Assert.StartsWith(first, lines[1][column..]);
            Assert.StartsWith(second, lines[2][column..]);
        }
    }

    [Fact]
    public async Task The_last_events_or_those_since_an_instant_are_requested()
    {
        await RunAsync("events", "7", "--tail", "5", "--since", "2026-11-22T15:04Z");

        var request = Cloud.The<EventsRequest>();
        Assert.Equal((5, 1_795_359_840_000_000), (request.Tail, request.Since));
    }
}
