using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Membership;

namespace JobCloud.Protocol.Tests.Membership;

public class MembershipStalenessLaws
{
    private static readonly StalenessLimits Limits = new(
        Detection: TimeSpan.FromSeconds(5),
        WithoutStore: TimeSpan.FromMinutes(4)
    );

    [Fact]
    public void The_store_confirms_a_node_without_reachable_members() =>
        Assert.Equal(1, Age(new(IsMember: true, Others: 2, Reachable: 0), since: 1));

    [Fact]
    public void The_age_grows_without_the_store_and_other_members() =>
        Assert.Equal(60, Age(new(IsMember: true, Others: 2, Reachable: 0), since: 60));

    [Fact]
    public void A_reachable_member_limits_the_age_without_the_store() =>
        Assert.Equal(5, Age(new(IsMember: true, Others: 2, Reachable: 1), since: 60));

    [Fact]
    public void An_only_member_trusts_itself_without_the_store() =>
        Assert.Equal(0, Age(new(IsMember: true, Others: 0, Reachable: 0), since: 60));

    [Fact]
    public void No_node_trusts_itself_without_the_store_forever() =>
        Assert.Null(Age(new(IsMember: true, Others: 0, Reachable: 0), since: 241));

    [Property]
    public void The_age_is_at_least_that_of_its_evidence(
        bool countedIn,
        NonNegativeInt others,
        NonNegativeInt reachable,
        NonNegativeInt since
    )
    {
        var view = new MembershipView(countedIn, others.Get, Math.Min(reachable.Get, others.Get));
        var age = Age(view, since.Get);
        if (!countedIn)
            Assert.Null(age);
        else if (age < since.Get)
            Assert.True(view.Others == 0 || (view.Reachable > 0 && age == 5));
    }

    private static double? Age(MembershipView view, double since) =>
        MembershipStaleness.Age(view, TimeSpan.FromSeconds(since), Limits)?.TotalSeconds;
}
