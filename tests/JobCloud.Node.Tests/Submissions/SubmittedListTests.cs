using Akka.Actor;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Submissions;

/// <summary>Lists of submissions, which are committed as a whole.</summary>
public sealed class SubmittedListTests : SubmitterTest
{
    [Fact]
    public async Task A_list_is_one_request_with_consecutive_jids()
    {
        var submitter = Start();
        Submit(submitter);
        Assert.Equal(new JobsSubmitted(2, 13), SubmitList(submitter, "", 1, 10, 1));
        Assert.Equal(["0:1+1", "0:2+1 3+10 13+1"], Sent());
        var job = (await ReadAsync(12)).Details.Single();
        Assert.Equal((3, 12, "echo 9"), (job.MapFirst, job.MapLast, job.Command));
        Assert.Equal(0, (await ReadAsync(13)).Details.Single().MapFirst);
    }

    [Fact]
    public async Task A_list_over_several_segments_is_complete_with_its_first_job()
    {
        var submitter = Start();
        Submit(submitter, 1020);
        Assert.Equal(new JobsSubmitted(1021, 2325), SubmitList(submitter, "", 2, 1, 1300, 2));
        Assert.Equal(14, Submit(submitter, 14).Last - 2325);
        Assert.Equal(
            [
                "0:1+1020",
                "1:1024+1024 held",
                "2:2048+276 2324+2 held",
                "0:1021+2 1023+1",
                "1:release 1021",
                "2:release 1021",
                "2:2326+14",
            ],
            Sent()
        );
        Assert.Equal("echo 1299", (await ReadAsync(2323)).Details.Single().Command);
        submitter = Restart(submitter);
        Assert.Equal(2340, Submit(submitter).First);
    }

    [Fact]
    public async Task A_list_whose_first_job_is_not_committed_leaves_nothing()
    {
        Delivers = request => request.SubmitList?.Slices[0].First != 1;
        var submitter = Start();
        submitter.Tell(ListOf("", 1000, 20, 10, 1), TestActor);
        Requests.FishForMessage(
            m => m is SegmentRequest { SubmitList.Slices: [{ First: 1 }, ..] },
            Limit
        );
        await submitter.Ask<ActorIdentity>(new Identify(null), Limit);
        Assert.Single((await ReadAsync(1031)).Details);

        Delivers = _ => true;
        submitter = Restart(submitter);

        Assert.Equal(1, Submit(submitter, 3).First);
        Assert.Equal("1:void 1", Sent()[0]);
        Assert.Single((await ReadAsync(1031)).Unknown);
    }

    [Fact]
    public void A_list_under_a_known_request_id_gets_its_earlier_jids()
    {
        var submitter = Start();
        Assert.Equal(new JobsSubmitted(1, 3), SubmitList(submitter, "r", 1, 2));
        EarlierJobs = find => find is { RequestId: "r" } ? new(1, 3) : new(0, 0);
        Assert.Equal(new JobsSubmitted(1, 3), SubmitList(submitter, "r", 1, 2));
        Assert.Equal(["0:1+1 2+2"], Sent());
    }

    private JobsSubmitted SubmitList(IActorRef submitter, string requestId, params long[] counts)
    {
        submitter.Tell(ListOf(requestId, counts), TestActor);
        return ExpectMsg<JobsSubmitted>(Limit);
    }
}
