using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public class CertaintyLaws
{
    private static readonly CertaintyLimits Limits = new(
        Detection: TimeSpan.FromSeconds(5),
        WithoutStore: TimeSpan.FromMinutes(4)
    );

    [Fact]
    public void The_store_vouches_for_a_node_that_sees_nobody() =>
        Assert.Equal(1, Age(new(CountedIn: true, Others: 2, Reachable: 0), since: 1));

    [Fact]
    public void A_node_that_neither_the_store_nor_another_answers_grows_ever_less_certain() =>
        Assert.Equal(60, Age(new(CountedIn: true, Others: 2, Reachable: 0), since: 60));

    [Fact]
    public void While_the_store_is_away_a_reachable_other_vouches_as_of_when_it_was_last_heard() =>
        Assert.Equal(5, Age(new(CountedIn: true, Others: 2, Reachable: 1), since: 60));

    [Fact]
    public void While_the_store_is_away_an_only_node_trusts_itself() =>
        Assert.Equal(0, Age(new(CountedIn: true, Others: 0, Reachable: 0), since: 60));

    [Fact]
    public void Nobody_is_certain_without_the_store_for_ever() =>
        Assert.Null(Age(new(CountedIn: true, Others: 0, Reachable: 0), since: 241));

    [Property]
    public void No_word_is_younger_than_the_one_it_rests_on(
        bool countedIn,
        NonNegativeInt others,
        NonNegativeInt reachable,
        NonNegativeInt since
    )
    {
        var sight = new ClusterSight(countedIn, others.Get, Math.Min(reachable.Get, others.Get));
        var age = Age(sight, since.Get);
        if (!countedIn)
            Assert.Null(age);
        else if (age < since.Get)
            Assert.True(sight.Others == 0 || (sight.Reachable > 0 && age == 5));
    }

    private static double? Age(ClusterSight sight, double since) =>
        Certainty.Age(sight, TimeSpan.FromSeconds(since), Limits)?.TotalSeconds;
}
