using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.Tests.Headless.Commands;

public sealed class StatusCommandTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Status = _ => Statuses((3, 1, Status.Done), (10, 2, Status.Processing));
    }

    [Fact]
    public async Task A_table_has_a_row_for_each_job_in_the_requested_order()
    {
        var ran = await RunAsync("status", "3,10-11");

        Assert.Equal("jid  status\n3    done\n10   processing\n11   processing\n", ran.Output);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Equal([Range(3, 3), Range(10, 11)], Cloud.The<StatusRequest>().Jobs.Items);
    }

    [Theory]
    [InlineData("no-header", "3   done\n10  processing\n11  processing\n")]
    [InlineData("quiet", "3\n10\n11\n")]
    [InlineData(
        "json",
        """{"version":1,"jobs":[{"jid":3,"status":"done"},{"jid":10,"status":"processing"},{"jid":11,"status":"processing"}]}"""
            + "\n"
    )]
    public async Task Each_format_shows_the_same_jobs(string format, string expected)
    {
        Assert.Equal(expected, (await RunAsync("-o", format, "status", "3,10-11")).Output);
        Assert.Equal(expected, (await RunAsync("status", "3,10-11", "--output", format)).Output);
    }

    [Fact]
    public async Task Several_arguments_form_one_list()
    {
        await RunAsync("status", "3", "10-11", "last");

        var items = Cloud.The<StatusRequest>().Jobs.Items;
        Assert.Equal(
            [Range(3, 3), Range(10, 11), new SelectionItem { Word = SelectionWord.Last }],
            items
        );
    }

    [Fact]
    public async Task A_dash_reads_jids_from_stdin()
    {
        Input = "3\n10-11\n";

        await RunAsync("status", "-");

        Assert.Equal([Range(3, 3), Range(10, 11)], Cloud.The<StatusRequest>().Jobs.Items);
    }

    [Theory]
    [InlineData("5-3")]
    [InlineData("x")]
    [InlineData("1,,2")]
    [InlineData("0")]
    public async Task A_malformed_list_is_a_usage_error_without_a_request(string jids)
    {
        var ran = await RunAsync("status", jids);

        Assert.Equal(2, ran.Code);
        Assert.Empty(ran.Output);
        Assert.False(Cloud.WasAsked);
    }

    [Fact]
    public async Task A_missing_argument_is_named()
    {
        var ran = await RunAsync("status");

        Assert.Equal(2, ran.Code);
        Assert.Equal("Missing argument JIDS. See 'jobcloud help status'.\n", ran.Error);
    }

    [Fact]
    public async Task A_refusal_names_the_unknown_job()
    {
        Cloud.Status = _ =>
            throw ScriptedCloud.Refusal(RefusalCode.UnknownJob, "There is no job 99.", 99);

        var ran = await RunAsync("status", "99");
        var json = await RunAsync("-o", "json", "status", "99");

        Assert.Equal((3, "There is no job 99.\n"), (ran.Code, ran.Error));
        Assert.Equal(
            """{"error":{"jid":99,"code":"unknown-job","message":"There is no job 99."}}""" + "\n",
            json.Error
        );
        Assert.Equal(3, json.Code);
    }

    [Theory]
    [InlineData("default", "jid    status\n3      done\n10-19  8 done, 2 error\n")]
    [InlineData("quiet", "3\n10-19\n")]
    [InlineData(
        "json",
        """{"version":1,"jobs":[{"jid":3,"status":"done"},{"jid":10,"status":"error","first":10,"last":19,"counts":{"done":8,"error":2}}]}"""
            + "\n"
    )]
    public async Task A_map_is_one_row_with_counts(string format, string expected)
    {
        Cloud.Status = _ => new StatusReply
        {
            Rows =
            {
                new StatusRow
                {
                    First = 3,
                    Last = 3,
                    Counts = { 0, 0, 0, 0, 1, 0, 0, 0 },
                },
                new StatusRow
                {
                    First = 10,
                    Last = 19,
                    Counts = { 0, 0, 0, 0, 8, 2, 0, 0 },
                    IsMap = true,
                },
            },
        };

        Assert.Equal(expected, (await RunAsync("-o", format, "status", "3,10-19")).Output);
        Assert.True(Cloud.The<StatusRequest>().Fold);
    }

    [Fact]
    public async Task The_expand_option_asks_for_each_job()
    {
        await RunAsync("status", "10-11", "--expand");

        Assert.False(Cloud.The<StatusRequest>().Fold);
    }
}
