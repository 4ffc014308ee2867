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
                    order.Add($"{i}", $"{i % 3}".Replace("2", ""), now: 0);
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
        order.Add("late", "", 0);
        order.Add("next", "", 10);
        Assert.Empty(order.Ready("next", 20));
        Assert.True(order.HoldsReady);
        Assert.Empty(order.Take(Patience - 1));
        Assert.Equal(["next"], order.Take(Patience));
        Assert.False(order.HoldsReady);
        Assert.Equal(["late"], order.Ready("late", 300));
        Assert.Empty(order.Ready("late", 300));
    }

    [Fact]
    public void An_item_that_is_late_holds_up_its_series()
    {
        var order = new ArrivalOrder<string>(Patience);
        order.Add("a1", "a", 0);
        order.Add("a2", "a", 0);
        order.Add("b1", "b", 0);
        order.Add("a3", "a", 0);
        Assert.Empty(order.Ready("a2", 1));
        Assert.Empty(order.Ready("b1", 1));
        Assert.Equal(["b1"], order.Take(Patience));
        Assert.False(order.HoldsReady);
        order.Add("a4", "a", 200);
        order.Add("c", "", 200);
        Assert.Empty(order.Ready("a4", 200));
        Assert.Equal(["c"], order.Ready("c", 200));
        Assert.Equal(["a1", "a2"], order.Ready("a1", 500));
        Assert.Equal(["a4"], order.Remove("a3", 500));
        order.Add("a5", "a", 600);
        Assert.Equal(["a5"], order.Ready("a5", 600));
    }

    [Property]
    public Property A_series_comes_in_the_order_of_its_arrival_however_late_its_items_are() =>
        Prop.ForAll(
            Gen.Shuffle(Enumerable.Range(0, 12)).ToArbitrary(),
            Gen.Choose(0, 80).ListOf(12).ToArbitrary(),
            (readyOrder, pauses) =>
            {
                var order = new ArrivalOrder<string>(Patience);
                for (var i = 0; i < 12; i++)
                    order.Add($"{i}", i % 2 == 0 ? "even" : "", now: i * 10);
                var (now, taken) = (120L, new List<string>());
                foreach (var i in readyOrder)
                {
                    now += pauses[i];
                    taken.AddRange(order.Take(now));
                    taken.AddRange(order.Ready($"{i}", now));
                }
                taken.AddRange(order.Take(now + Patience));
                Assert.Equal(12, taken.Distinct().Count());
                Assert.Equal(
                    ["0", "2", "4", "6", "8", "10"],
                    taken.Where(item => int.Parse(item) % 2 == 0)
                );
            }
        );
}
