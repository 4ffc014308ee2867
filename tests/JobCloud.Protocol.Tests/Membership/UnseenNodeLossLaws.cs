using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public sealed class UnseenNodeLossLaws
{
    private const int Death = 10;

    private static readonly StalenessLimits Limits = new(Seconds(5), WithoutStore: Seconds(240));

    /// <summary>
    /// The store last confirmed the node at 0 s. The node may continue by its own view: while
    /// others are alive or not yet noticed as lost, or alone, if it had recorded that in the store.
    /// When the decision says that it is lost, none of its processes is alive.
    /// </summary>
    [Property(MaxTest = 2000)]
    public bool A_node_decided_lost_has_no_live_process(
        bool alone,
        NonNegativeInt othersEnd,
        NonNegativeInt watched,
        bool othersReturned
    )
    {
        var ended = othersEnd.Get % 300;
        // The observing node has restarted, as have those that could have vouched.
        var from = ended + watched.Get % 60;
        var lastCertain = 0.0;
        for (var now = 0; now < 600; now++)
        {
            var reachable = now <= ended + 5 || !othersReturned ? 1 : 0;
            foreach (var others in new[] { 0, 1 })
            {
                var view = new MembershipView(true, others, Math.Min(others, reachable)).AsStored(
                    alone
                );
                if (MembershipStaleness.Age(view, Seconds(now), Limits) is { } age)
                    lastCertain = Math.Max(lastCertain, now - age.TotalSeconds);
            }
            var traces = new List<StoredNodeState>
            {
                new("x", Removed: true, alone, Seconds(now)),
                new("y", Removed: !othersReturned, Alone: false, Seconds(now)),
            };
            var vouched = UnseenNodeLoss.IsVouchedFor("x", traces, Limits, Seconds(Death));
            var unvouched = vouched ? TimeSpan.Zero : Seconds(Math.Max(0, now - from));
            if (UnseenNodeLoss.IsLost(traces[0], unvouched, Limits, Seconds(Death)))
                return lastCertain + Death <= now;
        }
        return false;
    }

    [Fact]
    public void A_single_missing_node_is_lost_after_detection_and_death_time() =>
        Assert.True(Sure(new("x", Removed: true, Alone: false, Seconds(15)), unvouched: 15));

    [Theory]
    [InlineData(false, false, 1000, 1000)]
    [InlineData(true, true, 249, 249)]
    [InlineData(true, false, 14, 1000)]
    [InlineData(true, false, 249, 14)]
    public void A_node_that_may_be_a_member_is_not_lost(
        bool gone,
        bool alone,
        int silent,
        int unvouched
    ) => Assert.False(Sure(new("x", gone, alone, Seconds(silent)), unvouched));

    [Fact]
    public void Removed_nodes_vouch_for_each_other_until_none_can_be_alive()
    {
        StoredNodeState[] both =
        [
            new("x", true, false, Seconds(9)),
            new("y", true, false, Seconds(9)),
        ];
        Assert.True(UnseenNodeLoss.IsVouchedFor("x", both, Limits, Seconds(Death)));
        var later = both.Select(trace => trace with { Silent = Seconds(250) }).ToArray();
        Assert.False(UnseenNodeLoss.IsVouchedFor("x", later, Limits, Seconds(Death)));
        Assert.True(Sure(later[0], unvouched: 0));
    }

    private static bool Sure(StoredNodeState trace, int unvouched) =>
        UnseenNodeLoss.IsLost(trace, Seconds(unvouched), Limits, Seconds(Death));

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
