using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public sealed class AbsenceLaws
{
    private const int Death = 10;

    private static readonly CertaintyLimits Limits = new(Seconds(5), WithoutStore: Seconds(240));

    /// <summary>
    /// The store last confirmed the node at 0 s. It may go on by its own sight of others, for as
    /// long as these live and have not been noticed dead, or by being alone, if it had told the
    /// store so. From whenever its death is called sure, none of its processes lives.
    /// </summary>
    [Property(MaxTest = 2000)]
    public bool Nothing_lives_of_a_node_whose_death_is_sure(
        bool alone,
        NonNegativeInt othersDie,
        NonNegativeInt watched,
        bool othersCameBack
    )
    {
        var died = othersDie.Get % 300;
        // Who looks is a node that started anew, and so did those that could have vouched.
        var from = died + watched.Get % 60;
        var lastCertain = 0.0;
        for (var now = 0; now < 600; now++)
        {
            var reachable = now <= died + 5 || !othersCameBack ? 1 : 0;
            foreach (var others in new[] { 0, 1 })
            {
                var sight = new ClusterSight(true, others, Math.Min(others, reachable)).AsTold(
                    alone
                );
                if (Certainty.Age(sight, Seconds(now), Limits) is { } age)
                    lastCertain = Math.Max(lastCertain, now - age.TotalSeconds);
            }
            var traces = new List<NodeTrace>
            {
                new("x", Gone: true, alone, Seconds(now)),
                new("y", Gone: !othersCameBack, Alone: false, Seconds(now)),
            };
            var vouched = Absence.IsVouchedFor("x", traces, Limits, Seconds(Death));
            var unvouched = vouched ? TimeSpan.Zero : Seconds(Math.Max(0, now - from));
            if (Absence.IsSure(traces[0], unvouched, Limits, Seconds(Death)))
                return lastCertain + Death <= now;
        }
        return false;
    }

    [Fact]
    public void A_machine_that_alone_did_not_come_back_is_lost_after_a_quarter_of_a_minute() =>
        Assert.True(Sure(new("x", Gone: true, Alone: false, Seconds(15)), unvouched: 15));

    [Theory]
    [InlineData(false, false, 1000, 1000)]
    [InlineData(true, true, 249, 249)]
    [InlineData(true, false, 14, 1000)]
    [InlineData(true, false, 249, 14)]
    public void Nothing_is_sure_of_one_that_may_be_confirmed_vouched_for_or_certain_of_itself(
        bool gone,
        bool alone,
        int silent,
        int unvouched
    ) => Assert.False(Sure(new("x", gone, alone, Seconds(silent)), unvouched));

    [Fact]
    public void Those_put_out_together_may_vouch_for_each_other_until_none_can_live()
    {
        NodeTrace[] both = [new("x", true, false, Seconds(9)), new("y", true, false, Seconds(9))];
        Assert.True(Absence.IsVouchedFor("x", both, Limits, Seconds(Death)));
        var later = both.Select(trace => trace with { Silent = Seconds(250) }).ToArray();
        Assert.False(Absence.IsVouchedFor("x", later, Limits, Seconds(Death)));
        Assert.True(Sure(later[0], unvouched: 0));
    }

    private static bool Sure(NodeTrace trace, int unvouched) =>
        Absence.IsSure(trace, Seconds(unvouched), Limits, Seconds(Death));

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
