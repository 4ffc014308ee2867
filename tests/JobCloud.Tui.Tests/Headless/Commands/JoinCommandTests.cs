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

    [Fact]
    public async Task A_failure_ends_with_the_end_of_its_stderr_and_the_next_step()
    {
        var last = Ends(true, (Status.Error, 1));
        last.Refusal = new Refusal { Message = "Job 7 ended with status error: exit 3.", Jid = 7 };
        Cloud.Await = _ => [last];
        var lines = Enumerable.Range(1, 12).Select(i => $"line {i}\u001b");
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Status = Status.Error,
                    Attempt = 1,
                    Stderr = string.Join('\n', lines) + "\n",
                },
            ];

        var ran = await RunAsync("join", "7");
        var json = await RunAsync("-o", "json", "join", "7");

        Assert.Equal(
            "Job 7 ended with status error: exit 3.\nThe last lines of its stderr:\n"
                + string.Concat(Enumerable.Range(3, 10).Select(i => $"  line {i}\uFFFD\n"))
                + "See 'jobcloud logs 7 --stderr'; run it again with 'jobcloud retry 7'.\n",
            ran.Error
        );
        Assert.StartsWith("line 3", json.JsonError.GetProperty("stderr").GetString());
        Assert.StartsWith("See 'jobcloud logs", json.JsonError.GetProperty("next").GetString());
    }

    [Fact]
    public async Task A_failure_of_several_jobs_names_them()
    {
        var last = Ends(true, (Status.Done, 7), (Status.Error, 3));
        last.Ended.Add(Run(4, 1, Status.Error));
        last.Ended.Add(Run(5, 2, Status.Done));
        last.Ended.Add(Run(8, 2, Status.Error));
        Cloud.Await = _ => [last];

        var ran = await RunAsync("join", "1-10", "--all");

        Assert.Equal(
            "3 of 10 jobs failed: 3 error, 0 killed, 0 stalled (4,8-9).\n"
                + "See 'jobcloud logs 4 --stderr'; run them again with 'jobcloud retry 4,8-9'.\n",
            ran.Error
        );
    }

    [Fact]
    public async Task A_time_out_names_the_jobs_that_have_not_finished()
    {
        Cloud.Await = _ => [Ends(false, (Status.Queued, 3), (Status.Done, 2))];
        Cloud.Status = _ =>
            Statuses(
                (1, 2, Status.Done),
                (3, 1, Status.Processing),
                (4, 1, Status.Queued),
                (6, 2, Status.Queued)
            );

        var ran = await RunAsync("join", "1-7", "-t", "0");

        Assert.Equal(
            "Timed out after 0 s: 3 of 5 jobs have not finished: 3 processing, 4,6-7 queued.\n"
                + "'jobcloud explain 4' says why job 4 waits.\n",
            ran.Error
        );
    }

    [Theory]
    [InlineData("Job 7 keeps running; kill it with: jobcloud kill 7", "join", "7")]
    [InlineData("The jobs keep running; kill them with: jobcloud kill 7-9", "join", "7-9")]
    [InlineData("Job 7 keeps running; kill it with: jobcloud kill 7", "result", "7")]
    [InlineData(
        "Job 7 keeps running; kill it with: jobcloud kill 7",
        "result",
        "7",
        "--as-completed"
    )]
    [InlineData(
        "Job 7 keeps running; kill it with: jobcloud kill 7",
        "wait-for",
        "status",
        "7",
        "done"
    )]
    [InlineData(
        "Job 7 keeps running; kill it with: jobcloud kill 7",
        "wait-for",
        "port",
        "7",
        "80"
    )]
    [InlineData("Job 7 keeps running; kill it with: jobcloud kill 7", "exec", "--wait", "true")]
    [InlineData("Job 7 keeps running; kill it with: jobcloud kill 7", "exec", "-f", "true")]
    [InlineData("Job 7 keeps running; kill it with: jobcloud kill 7", "run", "true")]
    [InlineData("Job 7 keeps running; kill it with: jobcloud kill 7", "logs", "-f", "7")]
    [InlineData(
        "The jobs keep running; kill them with: jobcloud kill 7-9",
        "mapexec",
        "--wait",
        "-k",
        "3",
        "true"
    )]
    public async Task An_interrupted_wait_says_that_the_jobs_go_on(
        string message,
        params string[] args
    )
    {
        Cloud.Await = _ => [Ends(false, (Status.Processing, 1))];
        Cloud.Submit = request => new SubmitReply
        {
            First = 7,
            Last = 6 + Math.Max(1, request.Count),
        };
        using var never = new ManualResetEventSlim();
        Cloud.Output = _ => Never();
        var running = RunAsync(args);
        (await Interrupted.Task)();

        var ran = await running;
        never.Set();
        Assert.Equal(130, ran.Code);
        Assert.EndsWith($"{message}\n", ran.Error);

        IEnumerable<OutputChunk> Never()
        {
            never.Wait();
            yield break;
        }
    }
}
