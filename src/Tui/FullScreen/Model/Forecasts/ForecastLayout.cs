namespace JobCloud.Tui.FullScreen.Model.Forecasts;

/// <summary>How many lines each part of the forecast has: a line of times, the lanes, a line about
/// the named bar, the summary, and the list of queued submissions.</summary>
/// <param name="Most">Lanes of a node, at most.</param>
internal readonly record struct ForecastLayout(int Most, int Lanes, int Summary, int List)
{
    // The list is not worth fewer lines than its titles and two rows.
    private const int LeastList = 3;
    private const int LeastSummary = 2;

    // Lanes of a node, even if the nodes then do not fit.
    private const int LeastLanes = 2;

    /// <summary>The line of the named bar.</summary>
    public int NamedAt => 1 + Lanes;

    public int SummaryAt => NamedAt + 1;

    public int ListAt => SummaryAt + Summary;

    /// <param name="lanes">Tells how many lanes there are if a node has at most so many.</param>
    public static ForecastLayout Of(
        int height,
        int nodes,
        int queued,
        int summary,
        Func<int, int> lanes
    )
    {
        summary = Math.Min(summary, Math.Max(LeastSummary, (height - 2) / 3));
        var rest = Math.Max(1, height - 2 - summary);
        var wanted = queued == 0 ? 0 : queued + 1;
        var list = rest / 3 < LeastList ? 0 : Math.Min(wanted, rest / 3);
        var most = Math.Max(LeastLanes, (rest - list) / Math.Max(1, nodes));
        var laid = Math.Clamp(lanes(most), 1, rest - list);
        list = rest - laid < LeastList ? 0 : Math.Min(wanted, rest - laid);
        return new(most, laid, summary, list);
    }
}
