using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public class DepartureTests
{
    [Theory]
    [InlineData(2.9, true, 60, false)] // its own sight may outlive its removal
    [InlineData(3, true, 60, true)]
    [InlineData(60, true, 10.9, false)] // the store confirmed it until a moment ago
    [InlineData(60, true, 11, true)]
    [InlineData(60, false, 60, false)] // started anew
    public void A_removed_node_is_dead_once_both_its_words_have_run_out(
        double sinceRemoved,
        bool gone,
        double silent,
        bool sure
    ) => Assert.Equal(sure, IsSure(sinceRemoved, new(gone, TimeSpan.FromSeconds(silent))));

    [Fact]
    public void A_node_that_shares_no_store_has_its_own_sight_alone()
    {
        Assert.False(IsSure(2, null));
        Assert.True(IsSure(3, null));
    }

    private static bool IsSure(double sinceRemoved, DepartureWord? word) =>
        Departure.IsSure(
            TimeSpan.FromSeconds(sinceRemoved),
            word,
            hold: TimeSpan.FromSeconds(3),
            deathTime: TimeSpan.FromSeconds(11)
        );
}
