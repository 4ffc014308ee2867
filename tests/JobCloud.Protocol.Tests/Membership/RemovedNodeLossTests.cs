using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public class RemovedNodeLossTests
{
    [Theory]
    [InlineData(2.9, true, 60, false)] // its own view may outlast its removal
    [InlineData(3, true, 60, true)]
    [InlineData(60, true, 10.9, false)] // the store confirmed it until a moment ago
    [InlineData(60, true, 11, true)]
    [InlineData(60, false, 60, false)] // restarted
    public void A_removed_node_is_lost_after_hold_and_death_time(
        double sinceRemoved,
        bool gone,
        double silent,
        bool sure
    ) => Assert.Equal(sure, IsSure(sinceRemoved, new(gone, TimeSpan.FromSeconds(silent))));

    [Fact]
    public void A_node_unknown_to_the_store_is_lost_after_the_hold_time()
    {
        Assert.False(IsSure(2, null));
        Assert.True(IsSure(3, null));
    }

    private static bool IsSure(double sinceRemoved, RemovedNodeState? word) =>
        RemovedNodeLoss.IsLost(
            TimeSpan.FromSeconds(sinceRemoved),
            word,
            hold: TimeSpan.FromSeconds(3),
            deathTime: TimeSpan.FromSeconds(11)
        );
}
