using JobCloud.Node.Daemon.Submissions;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Tests.Submissions;

/// <summary>Submissions that refer to contents.</summary>
public sealed class ReferenceTests : SubmitterTest
{
    private static readonly BlobRef File = BlobRules.RefOf("a file"u8);

    [Fact]
    public void References_are_written_before_a_submission_and_hold_up_those_behind_it()
    {
        var written = new TaskCompletionSource<IReadOnlyList<BlobRef>>();
        var bound = new List<(string Owner, long First, long Last)>();
        Bind = (blobs, owner, first, last) =>
        {
            Assert.Equal([File], blobs);
            bound.Add((owner, first, last));
            return written.Task;
        };
        var submitter = Start();
        submitter.Tell(WithFile(), TestActor);
        submitter.Tell(Jobs(), TestActor);
        AwaitAssert(() => Assert.NotEmpty(bound), Limit);
        AwaitArrival();
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        written.SetResult([]);

        var answers = new[] { ExpectMsg<JobsSubmitted>(Limit), ExpectMsg<JobsSubmitted>(Limit) };
        Assert.Equal([1, 2], answers.Select(answer => answer.First));
        Assert.All(bound, one => Assert.Equal(("ann", 1, 1), one));
    }

    [Fact]
    public void A_submission_with_a_missing_file_is_refused_and_takes_no_jid()
    {
        Bind = static (blobs, _, _, _) => Task.FromResult(blobs);
        var submitter = Start();
        submitter.Tell(WithFile(), TestActor);
        Assert.Equal(RefusalCode.NotFound, ExpectMsg<JobsSubmitted>(Limit).Refusal!.Code);
        Assert.Equal(1, Submit(submitter).First);
    }

    [Fact]
    public void A_submission_whose_references_cannot_be_written_fails_alone()
    {
        Bind = static (_, _, _, _) =>
            Task.FromException<IReadOnlyList<BlobRef>>(new IOException("full"));
        var submitter = Start();
        submitter.Tell(WithFile(), TestActor);
        Assert.IsType<IOException>(
            ExpectMsg<Akka.Actor.Status.Failure>(Limit).Cause.GetBaseException()
        );
        Assert.Equal(1, Submit(submitter).First);
    }

    private static SubmitJobs WithFile()
    {
        var facts = new Submitted(Jobs().Parts[0].Facts);
        facts.Spec.StdinBlob = File;
        return new SubmitJobs(facts, 1);
    }
}
