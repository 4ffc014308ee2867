using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>The cursor's row in full.</summary>
internal static class JobPreview
{
    public const int Height = 7;

    /// <param name="reason">Empty: the row's own.</param>
    public static void Paint(Canvas canvas, JobRow row, string reason, MainWindow window)
    {
        var status = JobCells.StatusOf(row);
        var title = $"{JobCells.Text(RowFields.Jid, row, 0)}  {StatusNames.Of(status)}";
        var inside = canvas.Box(title, Ink.Rule, StatusStyle.Of(status).Style);
        Line(inside, 0, "command", row.Command);
        Line(inside, 1, "label", row.Label);
        Line(inside, 2, "reason", reason.Length > 0 ? reason : ReasonText.For(row.Reason));
        Line(inside, 3, "where", Where(row));
        Line(inside, 4, "when", When(row, window));
    }

    private static string Where(JobRow row) =>
        row.Node.Length > 0
            ? $"node {row.Node}, attempt {row.Attempt}, {row.Cores} {(row.Cores == 1 ? "core" : "cores")}"
            : "";

    private static string When(JobRow row, MainWindow window)
    {
        string At(long micros) => Instants.Short(micros, window.OffsetAt(micros));
        var text = $"submitted {At(row.Created)} by {row.Owner}";
        if (row.Started > 0)
            text += $" · started {At(row.Started)}";
        return row.Finished > 0 ? $"{text} · finished {At(row.Finished)}" : text;
    }

    private static void Line(Canvas canvas, int y, string name, string value)
    {
        canvas.Text(1, y, name, Ink.Muted);
        canvas.Text(10, y, value.Length > 0 ? value : "-", value.Length > 0 ? Ink.Text : Ink.Muted);
    }
}
