using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

public sealed class ChangeHandlerTests : SegmentsTest
{
    [Fact]
    public async Task Jobs_of_many_segments_are_changed()
    {
        Submitted((1, 3), (1024, 5), (2048, 1));
        var changed = await ChangeAsync(Change.Kill, Jobs((1, 3), (1024, 1028), (2048, 2048)));
        Assert.Equal(new ChangeReply { Selected = 9, Changed = 9 }, changed.Reply);
        Assert.Equal(9, Killed());
    }

    [Fact]
    public async Task A_change_is_refused_as_a_whole_if_another_segment_has_an_unknown_job()
    {
        Submitted((1, 3), (1024, 1));
        var changed = await ChangeAsync(Change.Kill, Jobs((1, 3), (1024, 1025)));
        Assert.Equal((RefusalCode.UnknownJob, 1025), (changed.Refusal!.Code, changed.Refusal.Jid));
        Assert.Equal(0, Killed());
    }

    [Fact]
    public async Task A_change_is_refused_as_a_whole_if_another_segment_has_a_job_of_another_user()
    {
        Submitted((1, 3));
        Ask(Submit(1024, owner: "bob"));
        var changed = await ChangeAsync(Change.Kill, Jobs((1, 3), (1024, 1024)));
        Assert.Equal((RefusalCode.NotAllowed, 1024), (changed.Refusal!.Code, changed.Refusal.Jid));
        Assert.Equal(0, Killed());
    }

    [Fact]
    public async Task A_deletion_is_refused_as_a_whole_if_another_segment_has_an_unfinished_job()
    {
        Submitted((1, 1), (1024, 1));
        Ask(Kill(1));
        var changed = await ChangeAsync(Change.Delete, Jobs((1, 1), (1024, 1024)));
        Assert.Equal(RefusalCode.UnfinishedJob, changed.Refusal!.Code);
        Assert.Empty(Ask(Read(1)).Jobs.Deleted);
    }

    [Fact]
    public async Task A_retry_of_a_stalled_job_names_the_dependency_that_failed()
    {
        Submitted((1, 1));
        var dependent = Submit(2);
        dependent.Submit.Submitted.DependsOn.Add(JidRanges.Range(1, 1));
        Ask(dependent);
        Ask(Kill(1));
        AwaitAssert(() => Assert.Equal(Protocol.Status.Stalled, StatusOf(2)), Limit);

        var alone = await ChangeAsync(Change.Retry, Jobs((2, 2)));
        Assert.Equal(
            "Job 2 stays stalled: its dependency 1 is killed; retry 1 first.",
            alone.Refusal!.Message
        );
        var both = await ChangeAsync(Change.Retry, Jobs((1, 2)));
        Assert.Equal("", both.Reply!.Note);
        AwaitAssert(() => Assert.Equal(Protocol.Status.Waiting, StatusOf(2)), Limit);
    }

    private Protocol.Status StatusOf(long jid) => Ask(Read(jid)).Jobs.Runs[0].Status;

    private Task<Outcome<ChangeReply>> ChangeAsync(Change change, Selection jobs) =>
        new ChangeHandler(Selections, Client).ChangeAsync(
            jobs,
            new ChangeJobs { Change = change },
            Ann,
            CancellationToken.None
        );

    private int Killed() =>
        new[] { Read(1, 3), Read(1024, 1028), Read(2048) }
            .SelectMany(read => Ask(read).Jobs.Runs)
            .Where(run => run.Status == Protocol.Status.Killed)
            .Sum(run => (int)run.Count);
}
