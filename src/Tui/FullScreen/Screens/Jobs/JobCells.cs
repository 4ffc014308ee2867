using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The cells of a row of the job table.</summary>
internal static class JobCells
{
    /// <summary>The status to show for a row; for a map, the most important one.</summary>
    public static Status StatusOf(JobRow row)
    {
        foreach (
            var status in (ReadOnlySpan<Status>)[Status.Processing, Status.Queued, Status.Waiting]
        )
            if (RowField.Statuses.Has(row, status))
                return status;
        foreach (var status in (ReadOnlySpan<Status>)[Status.Error, Status.Killed, Status.Stalled])
            if (RowField.Statuses.Has(row, status))
                return status;
        return RowField.Statuses.Has(row, Status.Done) ? Status.Done : Status.Unspecified;
    }

    public static void Paint(
        Canvas canvas,
        int x,
        int y,
        int width,
        JobColumn column,
        JobRow row,
        CurrentUsage? used,
        string reason,
        long now
    )
    {
        if (column.Field is RowField.Statuses)
        {
            PaintStatus(canvas, x, y, width, row);
            return;
        }
        if (column == JobColumns.Trend)
        {
            PaintTrend(canvas.Part(x, y, width, 1), row, used);
            return;
        }
        var text =
            column.Name == "reason" && reason.Length > 0 ? reason
            : column.Field is { } field ? Text(field, row, now)
            : Text(column, used);
        var style = StyleOf(column, row, text);
        if (column.Right)
            canvas.TextRight(x + width, y, Cut(text, width), style);
        else
            canvas.Text(x, y, text, style, width);
    }

    private static string Text(JobColumn column, CurrentUsage? used) =>
        column == JobColumns.Cpu
            ? used?.Cores is { } cores
                ? string.Create(CultureInfo.InvariantCulture, $"{cores * 100:0}%")
                : "-"
            : used?.MemoryBytes is { } bytes
                ? Sizes.Short(bytes)
                : "-";

    public static string Text(RowField field, JobRow row, long now) =>
        field switch
        {
            RowField.Number number => number.Print(row),
            RowField.Text text => text.Get(row) is { Length: > 0 } value ? value : "-",
            RowField.Instant instant => instant.Get(row) is > 0 and var at
                ? Ages.Coarse(TimeSpan.FromMicroseconds(now - at))
                : "-",
            RowField.Duration duration => duration.Get(row, now) is { } micros
                ? Ages.Print(micros)
                : "-",
            _ => StatusNames.Of(StatusOf(row)),
        };

    /// <summary>Paints the status; for a map, a bar of its jobs by status and the percentage
    /// finished.</summary>
    private static void PaintStatus(Canvas canvas, int x, int y, int width, JobRow row)
    {
        var look = StatusStyle.Of(StatusOf(row));
        if (row.Last == row.First)
        {
            canvas.Text(x, y, StatusNames.Of(StatusOf(row)), look.Style, width);
            return;
        }
        var share = Percent(row);
        var failed = JobVerb.Retry.Count(row);
        var bar = width - 5;
        if (failed > 0)
        {
            // The failed ones may be too few to be seen in the bar.
            var count = $"✗{Short(failed)}";
            bar -= count.Length + 1;
            canvas.Text(x + bar + 1, y, count, StatusStyle.Of(Status.Error).Style);
        }
        StatusBar.Paint(canvas.Part(x, y, bar, 1), row.Counts);
        canvas.TextRight(x + width, y, share, share == "100%" ? look.Style : Ink.Text);
    }

    private static void PaintTrend(Canvas canvas, JobRow row, CurrentUsage? used)
    {
        if (used is not { Trend: { Count: > 0 } trend })
            return;
        var max = Math.Max(row.Cores, trend.Max());
        Sparkline.Paint(
            canvas,
            trend,
            StatusStyle.Of(Status.Processing).Style,
            max,
            UsageTracker.TrendKept
        );
    }

    private static string Short(long count) =>
        count switch
        {
            < 1_000 => $"{count}",
            < 1_000_000 => $"{count / 1_000}k",
            _ => $"{count / 1_000_000}M",
        };

    private static string Percent(JobRow row)
    {
        var finished = 0L;
        for (var i = (int)Status.Done; i < row.Counts.Count; i++)
            finished += row.Counts[i];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{finished * 100 / Math.Max(1, row.Last - row.First + 1)}%"
        );
    }

    private static Style StyleOf(JobColumn column, JobRow row, string text) =>
        text == "-" ? Ink.Muted
        : column.Name == "reason" ? StatusStyle.Of(StatusOf(row)).Style
        : column.Name is "command" or "label" or "runtime" or "cpu" or "memory" ? Ink.Text
        : column.Name == "jid" ? Ink.Title
        : Ink.Muted;

    private static string Cut(string text, int width) =>
        text.Length <= width ? text : text[..(width - 1)] + "…";
}
