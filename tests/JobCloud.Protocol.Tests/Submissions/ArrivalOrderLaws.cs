using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Tests.Submissions;

public sealed class ArrivalOrderLaws
{
    private const long Patience = 100;

    [Property]
    public Property Items_that_are_ready_in_time_come_in_the_order_of_their_arrival() =>
        Prop.ForAll(
            Gen.Shuffle(Enumerable.Range(0, 12)).ToArbitrary(),
            Gen.Elements(true, false).ListOf(12).ToArbitrary(),
            (readyOrder, isRemoved) =>
            {
                var order = new ArrivalOrder<string>(Patience);
                for (var i = 0; i < 12; i++)
                    order.Add($"{i}", now: 0);
                var taken = new List<string>();
                foreach (var i in readyOrder)
                    taken.AddRange(isRemoved[i] ? order.Remove($"{i}", 1) : order.Ready($"{i}", 1));
                Assert.Equal(
                    Enumerable.Range(0, 12).Where(i => !isRemoved[i]).Select(i => $"{i}"),
                    taken
                );
                Assert.False(order.HoldsReady);
            }
        );

    [Fact]
    public void An_item_that_is_not_ready_in_time_holds_up_no_later_one()
    {
        var order = new ArrivalOrder<string>(Patience);
        order.Add("late", 0);
        order.Add("next", 10);
        Assert.Empty(order.Ready("next", 20));
        Assert.True(order.HoldsReady);
        Assert.Empty(order.Take(Patience - 1));
        Assert.Equal(["next"], order.Take(Patience));
        Assert.False(order.HoldsReady);
        Assert.Equal(["late"], order.Ready("late", 300));
        Assert.Empty(order.Ready("late", 300));
    }
}
