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
    public async Task The_default_items_are_for_people_and_those_without_a_value_are_left_out()
    {
        var ran = await RunAsync("info", "3,7");

        const string Items = "stdout:\na\nb\nruntime: 1.5 s\nstatus: done\nexit_code: 0\n";
        Assert.Equal($"Info for jid 3\n{Items}Info for jid 7\n{Items}", ran.Output);
        Assert.Equal(InfoCatalog.Default, Cloud.The<InfoRequest>().Items);
    }

    [Fact]
    public async Task The_option_o_selects_items_after_the_command_and_the_format_before_it()
    {
        var json = (await RunAsync("-o", "json", "info", "3", "-o", "exit_code,memory")).Json;

        Assert.Equal(0, json.GetProperty("3").GetProperty("exit_code").GetInt32());
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.Equal(
            ["exit_code", "memory.usage", "memory.cache", "memory.max_usage", "memory.failcnt"],
            Cloud.The<InfoRequest>().Items
        );
    }

    [Fact]
    public async Task A_missing_item_shows_a_reason()
    {
        var ran = await RunAsync("info", "3", "-o", "memory.max_usage");

        Assert.Contains("memory:\n  max_usage: (", ran.Output);
        Assert.Equal(0, ran.Code);
    }

    [Fact]
    public async Task Items_for_people_have_units_and_indented_groups()
    {
        var job = Job(3);
        job.Usage = new Usage
        {
            CpuUserUs = 250_000,
            CpuSystemUs = 0,
            MemoryMaxBytes = 3L << 20,
            MemoryFailures = 0,
        };
        job.Spec = new JobSpec { Cores = 2, MemoryBytes = 300L << 20 };
        Cloud.Info = _ => [job];

        var ran = await RunAsync("info", "3", "-o", "cputime,memory.max_usage,oom,attributes");

        Assert.StartsWith(
            """
            Info for jid 3
            cputime:
              user: 0.25 s
              system: 0 s
            memory:
              max_usage: 3 MiB
            oom: no
            attributes:
              command:
            """,
            ran.Output
        );
        Assert.Contains("\n  memory: 300 MiB\n", ran.Output);
    }

    [Theory]
    [InlineData("-o", "json")]
    [InlineData("-o", "status,exit_code", "-o", "json")]
    [InlineData("-o", "json", "-o", "status")]
    [InlineData("--items", "json")]
    public async Task The_option_o_after_the_command_takes_an_output_format_too(
        params string[] options
    )
    {
        var json = (await RunAsync(["info", "3", .. options])).Json;

        Assert.Equal("done", json.GetProperty("3").GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_error_has_the_output_format_that_was_given_after_the_command()
    {
        var ran = await RunAsync("info", "3", "-o", "json", "-o", "stdot");

        Assert.Equal("usage", ran.JsonError.GetProperty("code").GetString());
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
