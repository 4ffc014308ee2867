using JobCloud.Protocol.Attempts;

namespace JobCloud.Protocol.Tests.Attempts;

public sealed class StuckProcessTests
{
    [Fact]
    public void A_process_that_waits_in_the_kernel_is_stuck() =>
        Assert.Equal(
            new StuckProcess(42, 7, "my (odd) name", "nfs_wait"),
            StuckProcess.Parse(42, "42 (my (odd) name) D 7 42 42 0 -1", "nfs_wait")
        );

    [Theory]
    [InlineData("42 (sleep) S 7 42")]
    [InlineData("42 (sleep) Z 7 42")]
    [InlineData("42 (sleep)")]
    [InlineData("")]
    public void Any_other_process_is_not(string stat) =>
        Assert.Null(StuckProcess.Parse(42, stat, "0"));

    [Fact]
    public void The_sentence_names_the_processes()
    {
        var stuck = Enumerable.Range(1, 7).Select(pid => new StuckProcess(pid, 1, "dd", ""));

        Assert.StartsWith(
            "process 1 (dd), process 2 (dd), process 3 (dd), process 4 (dd), process 5 (dd) and 2 "
                + "more cannot be killed: ",
            StuckProcess.Describe([.. stuck])
        );
        Assert.StartsWith(
            "process 9 (cp, in nfs_wait) cannot be killed: ",
            StuckProcess.Describe([new(9, 1, "cp", "nfs_wait")])
        );
        Assert.Equal("", StuckProcess.Describe([]));
    }
}
