using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;
using Status = JobCloud.Protocol.Status;

namespace JobCloud.Tui.Tests.Headless.Commands;

/// <summary>The option --follow of exec.</summary>
public sealed class OutputFollowerTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Submit = _ => new SubmitReply { First = 7, Last = 7 };
        Cloud.Output = request =>
            request.Stream == OutputStream.Stdout
                ? [Chunk("out ", end: false), Chunk("put\n")]
                : [Chunk("err\n")];
    }

    private void EndsWith(Status status, Exit exit, Reason? reason = null) =>
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Attempt = 1,
                    Status = status,
                    Exit = exit,
                    Reason = reason,
                },
            ];

    [Fact]
    public async Task Stdout_and_stderr_stay_separate()
    {
        EndsWith(Status.Done, new Exit());

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal((0, "out put\n"), (ran.Code, ran.Output));
        Assert.StartsWith("Job 7\n", ran.Error);
        Assert.Contains("err\n", ran.Error);
    }

    [Theory]
    [InlineData(Status.Error, 5, 0, 5)]
    [InlineData(Status.Done, 5, 0, 5)]
    [InlineData(Status.Error, 0, 11, 139)]
    [InlineData(Status.Killed, 0, 15, 143)]
    [InlineData(Status.Stalled, 0, 0, 3)]
    public async Task The_exit_code_is_that_of_the_job(
        Status status,
        int code,
        int signal,
        int expected
    )
    {
        EndsWith(status, new Exit { Code = code, Signal = signal });

        Assert.Equal(expected, (await RunAsync("exec", "-f", "make")).Code);
    }

    [Fact]
    public async Task A_failure_is_printed_with_its_reason()
    {
        EndsWith(
            Status.Error,
            new Exit { Code = 5 },
            new Reason { Code = ReasonCode.Exit, Number = 5 }
        );

        Assert.EndsWith(
            "Job 7 ended with status error: exit 5.\n"
                + "See 'jobcloud logs 7 --stderr'; run it again with 'jobcloud retry 7'.\n",
            (await RunAsync("exec", "-f", "make")).Error
        );
    }

    [Fact]
    public async Task A_job_that_does_not_start_is_explained_on_stderr()
    {
        EndsWith(Status.Done, new Exit());
        var explained = new TaskCompletionSource();
        var output = Cloud.Output;
        Cloud.Output = request =>
        {
            explained.Task.Wait();
            return output(request);
        };
        Cloud.Explain = _ => new ExplainReply
        {
            Jid = 7,
            Status = Status.Queued,
            Summary = "no node has 8 cores free",
        };
        var running = RunAsync("exec", "-f", "make");
        await Eventually.HoldsAsync(() => Cloud.Asked<ExplainRequest>().Any(), "a question");
        explained.SetResult();

        Assert.Contains("\nJob 7 is queued: no node has 8 cores free\n", (await running).Error);
    }

    [Fact]
    public async Task An_end_that_is_not_yet_reported_is_waited_for()
    {
        var asked = 0;
        Cloud.Info = _ =>
            [
                Job(
                    Interlocked.Increment(ref asked) <= 4 ? Status.Processing : Status.Done,
                    attempt: 1
                ),
            ];
        Cloud.Output = request =>
            [Chunk(request is { Stream: OutputStream.Stdout, Offset: 0 } ? "once" : "")];

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal((0, "once"), (ran.Code, ran.Output));
    }

    [Fact]
    public async Task A_later_attempt_is_printed_after_a_broken_connection()
    {
        Cloud.Info = _ => [Job(Status.Done, attempt: 2)];
        Cloud.Output = request =>
            request.Stream == OutputStream.Stdout
                ?
                [
                    Chunk(
                        $"attempt {Math.Max(1, request.Attempt)}\n",
                        attempt: Math.Max(1, request.Attempt)
                    ),
                ]
                : [Chunk("", attempt: Math.Max(1, request.Attempt))];

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal((0, "attempt 1\nattempt 2\n"), (ran.Code, ran.Output));
    }

    [Fact]
    public async Task A_job_that_never_ran_ends_with_its_reason()
    {
        Cloud.Info = _ => [Job(Status.Killed, attempt: 0)];
        Cloud.Output = _ => [Chunk("")];

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal(3, ran.Code);
        Assert.Contains("Job 7 ended with status killed", ran.Error);
    }

    [Fact]
    public async Task After_an_attempt_whose_output_is_lost_the_next_one_is_printed()
    {
        var hasRestarted = false;
        Cloud.Info = _ => [hasRestarted ? Job(Status.Done, 2) : Job(Status.Queued, 1)];
        Cloud.Output = request =>
        {
            if (request.Attempt < 2)
                throw ScriptedCloud.Refusal(RefusalCode.NotFound, "Attempt 1 is not kept.");
            hasRestarted = true;
            var text = request.Stream == OutputStream.Stdout ? "second\n" : "";
            return [Chunk(text, attempt: 2)];
        };

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal((0, "second\n"), (ran.Code, ran.Output));
        Assert.Equal("Job 7\nAttempt 1 is not kept.\n", ran.Error);
    }

    [Fact]
    public async Task A_last_attempt_with_lost_output_is_reported_and_its_exit_code_returned()
    {
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Status = Status.Error,
                    Attempt = 1,
                    Exit = new Exit { Code = 9 },
                },
            ];
        Cloud.Output = _ =>
            throw ScriptedCloud.Refusal(RefusalCode.NotFound, "Attempt 1 is not kept.");

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal(9, ran.Code);
        Assert.StartsWith("Job 7\nAttempt 1 is not kept.\nJob 7 ended", ran.Error);
    }

    private static JobDetail Job(Status status, int attempt) =>
        new()
        {
            Jid = 7,
            Status = status,
            Attempt = attempt,
        };
}
