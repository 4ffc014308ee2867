using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>Deleted jobs in the selections of all calls. Jobs 3-5 and all of the second segment
/// are deleted.</summary>
public sealed class DeletedRangesTests : SelectionCallsTest
{
    public static TheoryData<string> Skipping => [.. AllCalls.Where(call => call != "Submit")];

    [Theory]
    [MemberData(nameof(Skipping))]
    public async Task A_range_skips_deleted_jobs(string call)
    {
        DeleteSome();
        Assert.Null(await RefusalAsync(call, Jobs((1, 4), (4, 10), (900, Existing))));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_single_deleted_jid_is_refused(string call)
    {
        DeleteSome();
        foreach (var jobs in new[] { Jobs((4, 4)), Jobs((1, 10), (4, 4)), Jobs((4, 4), (1, 10)) })
        {
            var refusal = await RefusalAsync(call, jobs);
            Assert.Equal(RefusalCode.DeletedJob, refusal!.Code);
            Assert.Matches("^Job [34] was deleted.$", refusal.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Skipping))]
    public async Task A_range_of_deleted_jobs_is_refused_as_that(string call)
    {
        DeleteSome();
        var refusal = await RefusalAsync(call, Jobs((1, 2), (1024, Existing)));
        Assert.Equal(
            (RefusalCode.DeletedJob, 1024, "Jobs 1024-1500 were deleted."),
            (refusal!.Code, refusal.Jid, refusal.Message)
        );
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_unknown_job_in_a_range_is_refused_whatever_was_deleted(string call)
    {
        DeleteSome();
        var refusal = await RefusalAsync(call, Jobs((1200, Existing + 1)));
        Assert.Contains(refusal!.Code, new[] { RefusalCode.UnknownJob, RefusalCode.DeletedJob });
        if (call != "Submit")
            Assert.Equal(Existing + 1, refusal.Jid);
    }

    [Fact]
    public async Task A_deleted_dependency_is_refused_in_a_range_as_well()
    {
        DeleteSome();
        var refusal = await RefusalAsync("Submit", Jobs((1, 10)));
        Assert.Equal("Job 3 was deleted.", refusal!.Message);
    }

    private void DeleteSome()
    {
        Ask(Kill(1, 1023));
        Ask(Kill(1024, Existing));
        Ask(Delete(3, 5));
        Ask(Delete(1024, Existing));
    }

    private static SegmentRequest Delete(long first, long last) =>
        new()
        {
            Segment = Segments.Of(first),
            By = "ann",
            Change = new ChangeJobs
            {
                Change = Change.Delete,
                Jobs = { JidRanges.Range(first, last) },
            },
        };
}
