using JobCloud.Node.Executor.Attempts;

namespace JobCloud.Node.Tests.Executor.Attempts;

public sealed class OrphanCandidatesTests
{
    private readonly OrphanCandidates<string> _orphans = new();

    [Fact]
    public void With_one_job_an_orphan_is_that_jobs() => Assert.Equal("a", Look(1, "a"));

    [Fact]
    public void With_several_jobs_an_orphan_dies_only_once_all_of_them_have_ended()
    {
        Assert.Equal("", Look(1, "a", "b"));
        Assert.Equal("", Look(1, "b", "later"));
        Assert.Equal("dies", Look(1, "later"));
    }

    [Fact]
    public void An_orphan_of_no_running_job_dies() => Assert.Equal("dies", Look(1));

    [Fact]
    public void A_child_of_another_such_orphan_may_belong_to_the_same_jobs()
    {
        _ = Look(1, "a", "b");

        Assert.Equal("", Look(2, "b"));
        Assert.Equal("", Look(3, "b"));
    }

    [Fact]
    public void A_pid_that_is_reused_is_another_process()
    {
        _ = Look(1, "a", "b");
        _orphans.Forget(1);

        Assert.Equal("c", Look(1, "c"));
    }

    private string Look(int pid, params string[] live) =>
        _orphans.Look(pid, live, out var mustDie) ?? (mustDie ? "dies" : "");
}
