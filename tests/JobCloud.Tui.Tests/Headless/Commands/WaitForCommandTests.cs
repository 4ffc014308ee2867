using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class WaitForCommandTests : CommandTest
{
    [Fact]
    public async Task Wait_for_status_prints_the_status_once_it_is_reached()
    {
        Cloud.Await = _ => [Ends(false, (Status.Queued, 1)), Ends(true, (Status.Processing, 1))];

        var ran = await RunAsync("wait-for", "status", "7", "processing");

        Assert.Equal((0, "processing\n"), (ran.Code, ran.Output));
        var request = Cloud.The<AwaitRequest>();
        Assert.Equal((AwaitMode.Status, Status.Processing), (request.Mode, request.Status));
        Assert.Equal([Range(7, 7)], request.Jobs.Items);
    }

    [Fact]
    public async Task An_unreachable_status_exits_with_3()
    {
        var last = Ends(true, (Status.Done, 1));
        last.Refusal = new Refusal { Message = "Job 7 is done and cannot become queued.", Jid = 7 };
        Cloud.Await = _ => [last];

        var ran = await RunAsync("wait-for", "status", "7", "queued");
        var json = await RunAsync("-o", "json", "wait-for", "status", "7", "queued");

        Assert.Equal((3, ""), (ran.Code, ran.Output));
        Assert.Equal("Job 7 is done and cannot become queued.\n", ran.Error);
        Assert.StartsWith("{\"error\":{\"jid\":7,\"code\":\"bad-end\",", json.Error);
    }

    [Fact]
    public async Task An_expired_time_limit_reports_the_current_status()
    {
        Cloud.Await = _ => [Ends(false, (Status.Queued, 1))];

        var ran = await RunAsync("wait-for", "status", "7", "done", "-t", "0.02");

        Assert.Equal(
            (3, "Timed out after 0.02 s: job 7 is not done; it is queued.\n"),
            (ran.Code, ran.Error)
        );
    }

    [Theory]
    [InlineData("7", "finished")]
    [InlineData("7-8", "done")]
    [InlineData("7")]
    public async Task Wait_for_status_requires_one_jid_and_one_status(params string[] args)
    {
        Assert.Equal(2, (await RunAsync(["wait-for", "status", .. args])).Code);
        Assert.False(Cloud.WasAsked);
    }
}
