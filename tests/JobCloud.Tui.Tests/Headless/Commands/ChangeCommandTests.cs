using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

/// <summary>The commands that change jobs.</summary>
public sealed class ChangeCommandTests : CommandTest
{
    private static readonly SelectionItem Unfinished = new() { Word = SelectionWord.Unfinished };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Change = _ => new ChangeReply { Selected = 3, Changed = 2 };
        Cloud.Status = _ => Statuses((1, 12, Status.Queued));
    }

    [Theory]
    [InlineData("kill", "Killed 2 jobs; 1 had already finished.\n")]
    [InlineData("delete", "Deleted 2 jobs; 1 unchanged.\n")]
    [InlineData(
        "retry",
        "Retried 2 jobs; 1 had not failed (only jobs in error, killed or stalled are run again).\n"
    )]
    public async Task A_change_says_what_it_did_and_counts_in_JSON(string command, string said)
    {
        var ran = await RunAsync(command, "1-3");
        var json = await RunAsync("-o", "json", command, "1-3");
        var quiet = await RunAsync("-o", "quiet", command, "1-3");

        Assert.Equal((0, "", said), (ran.Code, ran.Output, ran.Error));
        Assert.Equal("""{"version":1,"selected":3,"changed":2}""" + "\n", json.Output);
        Assert.Equal(("", ""), (quiet.Output, quiet.Error));
    }

    [Fact]
    public async Task Kill_sends_its_grace()
    {
        await RunAsync("kill", "7", "--grace", "1m30s");

        Assert.Equal(90_000, Cloud.The<KillRequest>().GraceMs);
    }

    [Fact]
    public async Task Kill_without_jids_needs_yes_in_a_script()
    {
        var killed = false;
        Cloud.Change = _ =>
        {
            killed = true;
            return new ChangeReply();
        };

        var ran = await RunAsync("kill");

        Assert.False(killed);
        Assert.Equal(2, ran.Code);
        Assert.StartsWith("Missing argument JIDS.", ran.Error);
    }

    [Fact]
    public async Task Kill_with_yes_kills_all_unfinished_jobs()
    {
        await RunAsync("kill", "--yes");

        Assert.Equal([Unfinished], Cloud.The<KillRequest>().Jobs.Items);
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("yes\n", true)]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public async Task Kill_asks_for_confirmation_on_a_terminal_before_it_kills_all_jobs(
        string answer,
        bool kills
    )
    {
        OnTerminal = true;
        Input = answer;
        var killed = false;
        Cloud.Change = _ =>
        {
            killed = true;
            return new ChangeReply();
        };

        var ran = await RunAsync("kill");

        Assert.Equal(kills, killed);
        Assert.Equal(kills ? 0 : 3, ran.Code);
        Assert.StartsWith("Kill 12 jobs? [y/N] ", ran.Error);
    }

    [Fact]
    public async Task The_yes_option_skips_the_confirmation()
    {
        OnTerminal = true;

        var ran = await RunAsync("kill", "--yes");

        Assert.Equal((0, "Killed 2 jobs; 1 had already finished.\n"), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task Selected_jobs_are_killed_without_confirmation()
    {
        OnTerminal = true;

        Assert.Equal(
            "Killed 2 jobs; 1 had already finished.\n",
            (await RunAsync("kill", "label:x")).Error
        );
    }

    [Theory]
    [InlineData("kill", "Kill")]
    [InlineData("delete", "Delete")]
    public async Task A_command_for_all_jobs_asks_on_a_terminal_but_not_in_a_script(
        string command,
        string verb
    )
    {
        Assert.Equal(0, (await RunAsync(command, "all")).Code);
        OnTerminal = true;
        Input = "n\n";

        var ran = await RunAsync(command, "all");

        Assert.Equal(3, ran.Code);
        Assert.StartsWith($"{verb} 12 jobs? [y/N] ", ran.Error);
    }

    [Fact]
    public async Task Retry_of_a_map_selects_its_failed_jobs()
    {
        Cloud.Status = _ =>
            Statuses(
                (10, 2, Status.Done),
                (12, 1, Status.Error),
                (13, 2, Status.Processing),
                (15, 3, Status.Killed)
            );

        await RunAsync("retry", "--failed-of", "14");

        Assert.Equal([new SelectionItem { MapOf = 14 }], Cloud.The<StatusRequest>().Jobs.Items);
        Assert.Equal([Range(12, 12), Range(15, 17)], Cloud.The<RetryRequest>().Jobs.Items);
    }

    [Fact]
    public async Task Retry_of_a_map_without_failures_changes_nothing()
    {
        Cloud.Status = _ => Statuses((10, 5, Status.Done));

        var ran = await RunAsync("retry", "--failed-of", "10");

        Assert.Equal(
            (0, "No job of map:10 has failed; nothing was retried.\n"),
            (ran.Code, ran.Error)
        );
    }

    [Fact]
    public async Task Prioritize_sends_the_jobs_and_the_priority()
    {
        await RunAsync("prioritize", "7-9", "1");

        var asked = Cloud.The<PrioritizeRequest>();
        Assert.Equal(1, asked.Priority);
        Assert.Equal([Range(7, 9)], asked.Jobs.Items);
    }

    [Fact]
    public async Task A_priority_is_a_whole_number()
    {
        var ran = await RunAsync("prioritize", "7", "soon");

        Assert.Equal(2, ran.Code);
        Assert.Contains("'soon' is not a priority", ran.Error);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("retry", "1", "--failed-of", "2")]
    public async Task Retry_requires_either_jids_or_a_map(params string[] args)
    {
        Assert.Equal(2, (await RunAsync(args)).Code);
    }

    [Theory]
    [InlineData("The priority comes last: jobcloud prioritize last 1.", "1", "last")]
    [InlineData(
        "The priority comes last: jobcloud prioritize 7-9 label:x 1.",
        "1",
        "7-9",
        "label:x"
    )]
    [InlineData("write JIDS, then the new priority", "7")]
    public async Task The_order_of_arguments_is_named(string message, params string[] args)
    {
        var ran = await RunAsync(["prioritize", .. args]);

        Assert.Equal(2, ran.Code);
        Assert.Contains(message, ran.Error);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task A_priority_can_be_negative()
    {
        Cloud.Change = _ => new ChangeReply();

        await RunAsync("prioritize", "7", "9", "-3");

        Assert.Equal(-3, Cloud.The<PrioritizeRequest>().Priority);
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("kill")]
    [InlineData("delete")]
    public async Task A_change_of_no_job_prints_a_note(string command)
    {
        Cloud.Change = _ => new ChangeReply();

        var ran = await RunAsync(command, "failed");

        Assert.Equal((0, "No job matches; nothing was changed.\n"), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task Retry_says_which_jobs_are_not_run_again()
    {
        Cloud.Change = _ => new ChangeReply { Selected = 3, Changed = 0 };

        Assert.Equal(
            "Retried 0 jobs; 3 had not failed (only jobs in error, killed or stalled are run again).\n",
            (await RunAsync("retry", "1-3")).Error
        );
    }

    [Theory]
    [InlineData("10")]
    [InlineData("map:10")]
    public async Task Retry_of_a_map_takes_any_selection(string map)
    {
        Cloud.Status = _ => Statuses((10, 2, Status.Done), (12, 1, Status.Error));
        Cloud.Change = _ => new ChangeReply { Selected = 1, Changed = 1 };

        await RunAsync("retry", "--failed-of", map);

        Assert.Equal(10, Cloud.The<StatusRequest>().Jobs.Items.Single().MapOf);
        Assert.Equal([Range(12, 12)], Cloud.The<RetryRequest>().Jobs.Items);
    }
}
