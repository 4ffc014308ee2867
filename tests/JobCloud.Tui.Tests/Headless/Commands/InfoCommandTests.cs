using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class InfoCommandTests : CommandTest
{
    private static JobDetail Job(long jid) =>
        new()
        {
            Jid = jid,
            Status = Status.Done,
            Stdout = "a\nb\n",
            Attempt = 1,
            Started = 1_000_000,
            Finished = 2_500_000,
            Exit = new Exit(),
        };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Info = _ => [Job(3), Job(7)];
    }

    [Fact]
    public async Task The_default_items_are_stdout_stderr_runtime_and_status()
    {
        var ran = await RunAsync("info", "3,7");

        Assert.Equal(
            "Info for jid 3\nstdout:\na\nb\nruntime: 1.5\nstatus: done\n"
                + "Info for jid 7\nstdout:\na\nb\nruntime: 1.5\nstatus: done\n",
            ran.Output
        );
        Assert.Equal(InfoCatalog.Default, Cloud.The<InfoRequest>().Items);
    }

    [Fact]
    public async Task The_option_o_selects_items_after_the_command_and_the_format_before_it()
    {
        var json = (await RunAsync("-o", "json", "info", "3", "-o", "exit_code,memory")).Json;

        Assert.Equal(0, json.GetProperty("3").GetProperty("exit_code").GetInt32());
        Assert.False(json.TryGetProperty("version", out _));
        Assert.Equal(
            ["exit_code", "memory.usage", "memory.cache", "memory.max_usage", "memory.failcnt"],
            Cloud.The<InfoRequest>().Items
        );
    }

    [Fact]
    public async Task A_missing_item_shows_a_reason()
    {
        var ran = await RunAsync("info", "3", "-o", "memory.max_usage");

        Assert.Contains("memory.max_usage: (", ran.Output);
        Assert.Equal(0, ran.Code);
    }

    [Fact]
    public async Task Quiet_prints_only_the_values()
    {
        Assert.Equal(
            "0\ndone\n0\ndone\n",
            (await RunAsync("-o", "quiet", "info", "3,7", "-o", "exit_code,status")).Output
        );
    }

    [Fact]
    public async Task An_unknown_item_is_a_usage_error_that_names_it()
    {
        var ran = await RunAsync("info", "3", "-o", "stdot");

        Assert.Equal(2, ran.Code);
        Assert.Contains("'stdot'", ran.Error);
        Assert.Contains("stdout", ran.Error);
        Assert.False(Cloud.WasAsked);
    }
}
