using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class JoinCommandTests : CommandTest
{
    [Fact]
    public async Task Join_prints_nothing_if_all_jobs_are_done()
    {
        Cloud.Await = _ => [Ends(false, (Status.Processing, 2)), Ends(true, (Status.Done, 2))];

        var ran = await RunAsync("join", "1-2");

        Assert.Equal((0, "", ""), (ran.Code, ran.Output, ran.Error));
        Assert.Equal(AwaitMode.FirstBad, Cloud.The<AwaitRequest>().Mode);
    }

    [Fact]
    public async Task Join_exits_with_3_at_the_first_failure()
    {
        var last = Ends(true, (Status.Error, 1), (Status.Processing, 1));
        last.Refusal = new Refusal { Message = "Job 1 ended with status error: exit 3.", Jid = 1 };
        Cloud.Await = _ => [last];

        var ran = await RunAsync("join", "1-2");
        var json = await RunAsync("-o", "json", "join", "1-2");

        Assert.Equal((3, "Job 1 ended with status error: exit 3.\n"), (ran.Code, ran.Error));
        Assert.Equal("bad-end", json.JsonError.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_all_option_waits_for_every_job()
    {
        Cloud.Await = _ => [Ends(true, (Status.Done, 7), (Status.Error, 2), (Status.Stalled, 1))];

        var ran = await RunAsync("join", "1-10", "--all");

        Assert.Equal(AwaitMode.All, Cloud.The<AwaitRequest>().Mode);
        Assert.Equal(3, ran.Code);
        Assert.Equal("3 of 10 jobs failed: 2 error, 0 killed, 1 stalled.\n", ran.Error);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.05")]
    public async Task The_time_limit_starts_after_the_first_status(string seconds)
    {
        Cloud.Await = _ => [Ends(false, (Status.Queued, 1), (Status.Done, 2))];

        var ran = await RunAsync("join", "1-3", "-t", seconds);

        Assert.Equal(3, ran.Code);
        Assert.Equal($"Timed out after {seconds} s: 1 of 3 jobs have not finished.\n", ran.Error);
    }

    [Fact]
    public async Task A_time_limit_of_zero_still_sees_finished_jobs()
    {
        Cloud.Await = _ => [Ends(true, (Status.Done, 3))];

        Assert.Equal(0, (await RunAsync("join", "1-3", "-t", "0")).Code);
    }

    [Fact]
    public async Task The_progress_bar_is_shown_only_on_a_terminal()
    {
        Cloud.Await = _ => [Ends(true, (Status.Done, 3))];

        var plain = await RunAsync("join", "1-3", "--progress");
        OnTerminal = true;
        var shown = await RunAsync("join", "1-3", "--progress");

        Assert.Empty(plain.Error);
        Assert.Contains($"[{new string('#', 30)}] 3/3  done 3", shown.Error);
        Assert.Empty(shown.Output);
    }

    [Fact]
    public async Task A_refused_wait_is_not_a_success()
    {
        Cloud.Await = _ => throw ScriptedCloud.Refusal(RefusalCode.StoreUnavailable, "No store.");

        var ran = await RunAsync("join", "1");

        Assert.Equal(3, ran.Code);
        Assert.Equal("No store. Trying again for up to 5 s …\nNo store.\n", ran.Error);
    }
}
