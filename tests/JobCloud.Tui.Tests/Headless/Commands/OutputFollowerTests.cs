using JobCloud.Protocol;
using JobCloud.Protocol.Api;

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
            "Job 7 ended with status error: exit 5.\n",
            (await RunAsync("exec", "-f", "make")).Error
        );
    }

    [Fact]
    public async Task A_restarted_job_is_followed_until_it_finishes()
    {
        var statuses = new Queue<Status>([Status.Queued, Status.Done]);
        Cloud.Info = _ =>
            [
                new JobDetail
                {
                    Jid = 7,
                    Status = statuses.Dequeue(),
                    Exit = new Exit(),
                },
            ];
        Cloud.Output = request =>
            request.Stream == OutputStream.Stdout
                ? [Chunk($"attempt {request.Attempt}\n", attempt: request.Attempt)]
                : [Chunk("", attempt: request.Attempt)];
        Cloud.Await = _ => [Ends(true, (Status.Processing, 1))];

        var ran = await RunAsync("exec", "-f", "make");

        Assert.Equal((0, "attempt 1\nattempt 2\n"), (ran.Code, ran.Output));
    }
}
