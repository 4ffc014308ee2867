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
            StoreSteps.Decide(id, new KnownStore(knownId, highest, []), isNewWanted)
        );

    [Theory]
    [InlineData(3, 9, false)]
    [InlineData(4, 9, false)]
    [InlineData(2, 9, true)]
    [InlineData(3, 8, true)]
    [InlineData(3, 0, true)]
    public void A_store_that_lacks_changes_of_the_index_is_older(long a, long b, bool isOlder)
    {
        var known = new KnownStore("s", 2000, [new(1, 9), new(0, 3)]);
        var heads = new Dictionary<long, long>
        {
            [0] = a,
            [1] = b,
            [7] = 1,
        };
        if (b == 0)
            heads.Remove(1);
        Assert.Equal(isOlder, StoreSteps.Behind(known, heads) is not null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(9000)]
    public void After_a_loss_no_node_reuses_a_known_jid(long highest)
    {
        var before = JidLeases.None;
        foreach (var node in (string[])["n1", "n2"])
            before = before.Evolve(before.Decide(new() { Node = node, Count = 5 }, now: 1)!);
        var after = before.After(highest, now: 2).Aggregate(before, (all, one) => all.Evolve(one));
        foreach (var node in (string[])["n1", "n2", "n3"])
        {
            var asked = new LeaseRequest
            {
                Node = node,
                Count = 3,
                After = 2,
            };
            var first = after.Decide(asked, now: 3)?.First ?? after.Of(node)!.First;
            Assert.True(first > Math.Max(highest, before.Last));
        }
    }

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
