using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>What a job uses: its runtime against its limit, its attempts, and plots.</summary>
internal static class UsageTab
{
    private const int MinPlotHeight = 6;
    private const int MaxPlotHeight = 14;
    private const int BarWidth = 20;

    /// <param name="height">The rows available.</param>
    /// <param name="cursor">The column of the selected instant; null: the newest.</param>
    public static IReadOnlyList<DetailRow> Rows(
        JobDetail job,
        int width,
        int height,
        long now,
        TimeSpan offset,
        int? cursor = null,
        PlotLook look = PlotLook.Bars
    )
    {
        if (job.Timeline.Count == 0)
            return [new("", WhyEmpty(job), RowKind.Absent)];
        var from = job.Started > 0 ? job.Started : job.Timeline[0].At;
        var until = job.Finished > from ? job.Finished : Math.Max(now, job.Timeline[^1].At);
        var rows = new List<DetailRow>();
        Add(Runtime(job, now));
        var plotWidth = PlotPanel.PlotWidth(width);
        if (AttemptStrip.Of(job, until, plotWidth) is { Length: > 0 } attempts)
            Add(PlotPanel.Strip("attempts", attempts));
        var all = TimelineSeries.Of(job.Timeline, from, job.Spec);
        var tall = all.Count(series => series.IsMeasured && !series.IsFlat);
        var room = (height - rows.Count - (all.Count - tall)) / Math.Max(1, tall);
        var each = Math.Clamp(room, MinPlotHeight, MaxPlotHeight);
        foreach (var series in all)
        {
            var panel = PlotPanel.Rows(series, from, until, width, each, offset, cursor, look);
            rows.Add(new("", panel[0], series.IsMeasured ? RowKind.Heading : RowKind.Absent));
            rows.AddRange(panel.Skip(1).Select(row => new DetailRow("", row, RowKind.Plot)));
        }
        return rows;

        void Add(string text)
        {
            if (text.Length > 0)
                rows.Add(new("", text, RowKind.Plot));
        }
    }

    private static string WhyEmpty(JobDetail job) =>
        job.Absent.FirstOrDefault(a => a.Item == "timeline")?.Why
        ?? "No samples: the job has not started, or ended before the first sample.";

    // Empty: there is no limit.
    private static string Runtime(JobDetail job, long now)
    {
        var limit = (job.Spec?.MaxRuntimeMs ?? 0) * 1_000;
        if (limit <= 0 || JobTimes.Runtime(job, now) is not { } runtime)
            return "";
        var used = (int)Math.Clamp(runtime * BarWidth / limit, 0, BarWidth);
        var bar = new string('█', used) + new string(Plot.LimitCell, BarWidth - used);
        return PlotPanel.Strip(
            "runtime",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{bar}  {ItemText.Seconds(runtime / 1e6)} of {ItemText.Seconds(limit / 1e6)} ({runtime * 100 / limit} %)"
            )
        );
    }
}
