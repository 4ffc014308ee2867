using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Tests.Jobs;

public sealed class RetentionTests
{
    private const long Day = 86_400_000_000;
    private const long Now = 1_000 * Day;

    [Fact]
    public void Jobs_go_that_finished_too_long_ago()
    {
        var step = Choose(new(30 * Day, 0), 0, Ended(1, 40), Open(2, 40), Ended(3, 29));
        Assert.Equal("1", JidNotation.Print(step.Purge));
        Assert.Null(step.Next);
    }

    [Fact]
    public void The_first_submitted_go_while_there_are_too_many()
    {
        var step = Choose(new(0, 3), 5, Ended(1, 4), Open(2, 3), Ended(3, 2), Ended(4, 1));
        Assert.Equal("1,3", JidNotation.Print(step.Purge));
        Assert.Equal(3, step.Ended);
    }

    [Fact]
    public void A_slice_with_unfinished_or_without_kept_jobs_stays()
    {
        var step = Choose(
            new(Day, 1),
            9,
            new KeptSlice(1, 9, Now - 9 * Day, Now - 8 * Day, Open: 1, Ended: 8),
            new KeptSlice(10, 19, Now - 9 * Day, 0, Open: 0, Ended: 0)
        );
        Assert.Empty(step.Purge);
    }

    [Fact]
    public void A_full_page_continues_while_later_slices_can_be_too_old()
    {
        var limits = new RetentionLimits(30 * Day, 0);
        Assert.Equal(2, Retention.Choose([Open(1, 50), Open(2, 40)], true, 0, limits, Now).Next);
        Assert.Null(Retention.Choose([Open(1, 50), Open(2, 20)], true, 0, limits, Now).Next);
        Assert.Null(Retention.Choose([Open(1, 50), Open(2, 40)], false, 0, limits, Now).Next);
    }

    [Fact]
    public void Without_limits_it_is_off() => Assert.False(new RetentionLimits(0, 0).IsOn);

    private static RetentionStep Choose(
        RetentionLimits limits,
        long ended,
        params KeptSlice[] page
    ) => Retention.Choose(page, isFull: false, ended, limits, Now);

    private static KeptSlice Ended(long jid, int daysAgo) =>
        new(jid, jid, Now - (daysAgo + 1) * Day, Now - daysAgo * Day, Open: 0, Ended: 1);

    private static KeptSlice Open(long jid, int daysAgo) =>
        new(jid, jid, Now - daysAgo * Day, 0, Open: 1, Ended: 0);
}
