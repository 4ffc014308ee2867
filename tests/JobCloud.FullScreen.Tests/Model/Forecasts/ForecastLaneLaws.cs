using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Forecasts;

namespace JobCloud.FullScreen.Tests.Model.Forecasts;

public sealed class ForecastLaneLaws
{
    [Property]
    public bool Each_bar_is_on_one_lane_or_counted(List<(byte From, byte Length)> bars, byte most)
    {
        var reply = Reply(bars);
        var lanes = ForecastLane.Of(reply, 1 + most % 5);
        var laid = lanes.SelectMany(lane => lane.Bars).ToList();
        return laid.Count == laid.Distinct().Count()
            && laid.Count + lanes.Sum(lane => lane.More) == reply.Bars.Count
            && lanes.Count <= 1 + most % 5;
    }

    [Property]
    public bool Bars_of_a_lane_follow_each_other(List<(byte From, byte Length)> bars)
    {
        var lanes = ForecastLane.Of(Reply(bars), int.MaxValue);
        return lanes.All(lane =>
            lane.More == 0
            && lane.Bars.Zip(lane.Bars.Skip(1))
                .All(pair => pair.First.To > 0 && pair.First.To <= pair.Second.From)
        );
    }

    [Property]
    public bool The_bar_at_an_instant_is_found(List<(byte From, byte Length)> bars)
    {
        var lanes = ForecastLane.Of(Reply(bars), int.MaxValue);
        return lanes.All(lane => lane.Bars.All(bar => lane.Nearest(bar.From) == bar));
    }

    [Fact]
    public void A_node_that_the_reply_does_not_list_has_a_lane()
    {
        var reply = new ForecastReply
        {
            Bars =
            {
                new ForecastBar { Node = "gone", From = 3 },
            },
        };
        Assert.Equal("gone", Assert.Single(ForecastLane.Of(reply, 2)).Node.Name);
    }

    // A bar without a length has an unknown end. Each has its own jid, as values compare equal.
    private static ForecastReply Reply(List<(byte From, byte Length)> bars)
    {
        var reply = new ForecastReply { Nodes = { new ForecastNode { Name = "n" } } };
        foreach (var (from, length) in bars.OrderBy(bar => bar.From))
            reply.Bars.Add(
                new ForecastBar
                {
                    Node = "n",
                    First = reply.Bars.Count + 1,
                    From = from,
                    To = length == 0 ? 0 : from + length,
                }
            );
        return reply;
    }
}
