using JobCloud.Protocol.Allocation;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Tests.Homes;

public class StoreStepsTests
{
    [Theory]
    // A home without jobs takes any store.
    [InlineData(null, "", 0, false, StoreStep.Create)]
    [InlineData("a", "", 0, false, StoreStep.Use)]
    [InlineData("a", "b", 0, false, StoreStep.Use)]
    // A home with jobs takes only its own store.
    [InlineData(null, "a", 7, false, StoreStep.RefuseEmpty)]
    [InlineData(null, "", 7, false, StoreStep.RefuseEmpty)]
    [InlineData("a", "a", 7, false, StoreStep.Use)]
    [InlineData("a", "b", 7, false, StoreStep.RefuseForeign)]
    // The ID is unknown: the index is of an earlier version.
    [InlineData("a", "", 7, false, StoreStep.Use)]
    // The operator wants another store.
    [InlineData(null, "a", 7, true, StoreStep.Create)]
    [InlineData("a", "b", 7, true, StoreStep.Use)]
    public void A_home_with_jobs_takes_only_its_own_store(
        string? id,
        string knownId,
        long highest,
        bool isNewWanted,
        StoreStep expected
    ) =>
        Assert.Equal(
            expected,
            StoreSteps.Decide(id, new KnownStore(knownId, highest), isNewWanted)
        );

    [Theory]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void No_jid_up_to_the_highest_is_leased_again(long highest)
    {
        var leases = JidLeases.None.Evolve(JidLeases.UsedBefore(highest, now: 1));
        var lease = leases.Decide(new LeaseRequest { Node = "n1", Count = 3 }, now: 2)!;
        Assert.True(lease.First > highest);
        Assert.Equal(leases.Last + 1, lease.First);
    }
}
