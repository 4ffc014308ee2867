using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

public sealed class ExplainHandlerTests : SegmentsTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_queued_job_is_explained_by_the_scheduler()
    {
        Submitted((1, 1));
        var explained = new ExplainReply { Jid = 1, Summary = "no node has 8 cores free" };
        var reply = await ExplainAsync(1, q => q is ExplainQueued { Jid: 1 } ? explained : null);
        Assert.Equal("no node has 8 cores free", reply.Summary);
    }

    [Fact]
    public async Task A_requeued_job_has_the_reason()
    {
        var submit = Submit(1);
        submit.Submit.Submitted.Spec.Retries = 1;
        Ask(submit);
        Tell(Assign(1));
        Tell(Report(Ended(1, code: 3)));
        var reply = await ExplainAsync(1, _ => new ExplainReply { Summary = "it waits" });
        Assert.StartsWith("it waits; it was queued again: ", reply.Summary);
    }

    [Fact]
    public async Task A_scheduler_timeout_is_refused_as_busy()
    {
        Submitted((1, 1));
        var reply = await Handler(_ => null, Short).ExplainAsync(new() { Jid = 1 }, Ann);
        Assert.Equal((RefusalCode.Busy, 1), (reply.Refusal!.Code, reply.Refusal.Jid));
    }

    [Fact]
    public async Task A_waiting_job_lists_its_dependencies()
    {
        Submitted((1, 2));
        var waits = Submit(3);
        waits.Submit.Submitted.Spec.DependsOn.Add(JidRanges.Range(1, 2));
        waits.Submit.Submitted.DependsOn.Add(JidRanges.Range(1, 2));
        Ask(waits);
        var reply = await ExplainAsync(3);
        Assert.Equal(Protocol.Status.Waiting, reply.Status);
        Assert.Equal((1, 2), (reply.Dependencies[0].First, reply.Dependencies[0].Count));
    }

    [Fact]
    public async Task A_finished_job_has_the_reason_for_its_end()
    {
        Submitted((1, 1));
        Tell(Assign(1));
        Tell(Report(Ended(1, code: 3)));
        Assert.Equal("exit 3", (await ExplainAsync(1)).Summary);
    }

    [Fact]
    public async Task An_assigned_job_names_its_node()
    {
        Submitted((1, 1));
        Tell(Assign(1));
        Assert.Contains("node n1", (await ExplainAsync(1)).Summary);
    }

    [Fact]
    public async Task A_job_whose_process_cannot_be_killed_names_it()
    {
        Begin(1);
        Tell(
            Report(
                new AttemptReport
                {
                    Jid = 1,
                    Attempt = 1,
                    KillOutlived = new KillOutlived { Why = "process 9 (dd) cannot be killed" },
                }
            )
        );

        Assert.Equal(
            "node n1 runs it, attempt 1; process 9 (dd) cannot be killed",
            (await ExplainAsync(1)).Summary
        );
    }

    [Fact]
    public async Task An_unknown_job_is_refused()
    {
        var reply = await Handler(_ => null, Limit).ExplainAsync(new() { Jid = 9 }, Ann);
        Assert.Equal(RefusalCode.UnknownJob, reply.Refusal!.Code);
    }

    private async Task<ExplainReply> ExplainAsync(long jid, Func<object, object?>? scheduler = null)
    {
        var handler = Handler(scheduler ?? (_ => null), Limit);
        return (await handler.ExplainAsync(new ExplainRequest { Jid = jid }, Ann)).Reply!;
    }

    private ExplainHandler Handler(Func<object, object?> scheduler, TimeSpan within) =>
        new(Client, Sys.ActorOf(ScriptedActor.Of(scheduler)), within);
}
