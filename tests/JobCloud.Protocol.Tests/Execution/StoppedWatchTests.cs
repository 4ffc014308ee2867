using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Tests.Execution;

public class StoppedWatchTests
{
    [Fact]
    public void A_process_that_stays_stopped_is_continued_at_each_check_after_the_grace()
    {
        Assert.Equal(
            [false, false, false, true, true],
            Looks((0, true), (1_000, true), (2_999, true), (3_000, true), (4_000, true))
        );
    }

    [Fact]
    public void A_process_that_runs_again_gets_a_new_grace()
    {
        Assert.Equal(
            [false, false, false, false, true],
            Looks((0, true), (2_000, false), (2_500, true), (5_499, true), (5_500, true))
        );
    }

    [Fact]
    public void A_running_process_is_left_alone() =>
        Assert.Equal([false, false], Looks((0, false), (60_000, false)));

    private static List<bool> Looks(params (long At, bool IsStopped)[] looks)
    {
        var watch = new StoppedWatch();
        var dues = new List<bool>();
        foreach (var (at, isStopped) in looks)
        {
            watch = watch.Look(isStopped, at, out var isDue);
            dues.Add(isDue);
        }
        return dues;
    }
}
