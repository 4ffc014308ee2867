using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model.Forecasts;

/// <summary>The place of a lane among those of all nodes.</summary>
internal readonly record struct ForecastLaneKey(string Node, int Number);

/// <summary>A row of a node: bars that follow each other.</summary>
/// <param name="Number">Its place among the lanes of its node, from 0.</param>
/// <param name="Bars">The earliest first.</param>
/// <param name="More">On the last lane of the node: the number of its bars that have no
/// lane.</param>
internal sealed record ForecastLane(
    ForecastNode Node,
    int Number,
    IReadOnlyList<ForecastBar> Bars,
    int More
)
{
    public ForecastLaneKey Key => new(Node.Name, Number);

    /// <summary>The bar at an instant, else the nearest; null: there is none.</summary>
    public ForecastBar? Nearest(long instant) => Bars.MinBy(bar => Distance(bar, instant));

    /// <summary>The bar so many places later; null: there is none.</summary>
    public ForecastBar? Beside(ForecastBar bar, int places)
    {
        for (var i = 0; i < Bars.Count; i++)
            if (ReferenceEquals(Bars[i], bar))
                return Bars.ElementAtOrDefault(i + places);
        return null;
    }

    /// <summary>The lanes of all nodes. Jobs that run side by side on a node need one
    /// each.</summary>
    /// <param name="most">Lanes of a node.</param>
    public static List<ForecastLane> Of(ForecastReply reply, int most)
    {
        var bars = reply.Bars.ToLookup(bar => bar.Node);
        var known = reply.Nodes.Select(node => node.Name).ToHashSet();
        var left = bars.Where(group => !known.Contains(group.Key))
            .Select(group => new ForecastNode { Name = group.Key });
        return [.. reply.Nodes.Concat(left).SelectMany(node => Of(node, bars[node.Name], most))];
    }

    private static IEnumerable<ForecastLane> Of(
        ForecastNode node,
        IEnumerable<ForecastBar> bars,
        int most
    )
    {
        var (lanes, more) = (new List<List<ForecastBar>> { new() }, 0);
        foreach (var bar in bars)
        {
            var lane = lanes.Find(each => each.Count == 0 || IsOver(each[^1], bar.From));
            if (lane is null && lanes.Count < most)
                lanes.Add(lane = []);
            if (lane is null)
                more++;
            else
                lane.Add(bar);
        }
        return lanes.Select(
            (lane, i) => new ForecastLane(node, i, lane, i == lanes.Count - 1 ? more : 0)
        );
    }

    private static bool IsOver(ForecastBar bar, long instant) => bar.To > 0 && bar.To <= instant;

    private static long Distance(ForecastBar bar, long instant) =>
        instant < bar.From ? bar.From - instant
        : IsOver(bar, instant) ? instant - bar.To + 1
        : 0;
}
