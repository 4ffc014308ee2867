using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Forecasts;

/// <summary>Paints the queued submissions with their expected starts and ends.</summary>
internal static class ForecastList
{
    private static readonly (string Title, int Width, int FromWidth, bool Right)[] Columns =
    [
        ("JIDS", 13, 0, false),
        ("QUEUED", 7, 0, true),
        ("STARTS", 11, 0, true),
        ("LAST STARTS", 11, 96, true),
        ("ENDS", 11, 0, true),
        ("RUNTIME", 7, 70, true),
        ("FROM", 24, 120, false),
        ("LABEL", 12, 76, false),
        ("COMMAND", 200, 110, false),
    ];

    /// <param name="top">The first of them that is shown.</param>
    /// <param name="named">The submission under the cursor; null: none.</param>
    /// <param name="time">Prints an instant.</param>
    public static void Paint(
        Canvas canvas,
        IReadOnlyList<ForecastJobs> queued,
        int top,
        ForecastJobs? named,
        Func<long, string> time
    )
    {
        Row(canvas, 0, title => title, new Style(Ink.Muted, Strong: true));
        for (var y = 1; y < canvas.Height && top + y - 1 < queued.Count; y++)
        {
            var jobs = queued[top + y - 1];
            Row(canvas, y, title => Text(jobs, title, time), Ink.Text);
            if (jobs == named)
                canvas.Ground(y, Ground.Cursor);
        }
    }

    private static void Row(Canvas canvas, int y, Func<string, string> textOf, Style style)
    {
        var x = NameAt;
        foreach (var (title, width, from, right) in Columns)
        {
            if (canvas.Width < from)
                continue;
            if (right)
                canvas.TextRight(x + width, y, textOf(title), style);
            else
                canvas.Text(x, y, textOf(title), style, width);
            x += width + 2;
        }
    }

    private const int NameAt = 2;

    private static string Text(ForecastJobs jobs, string title, Func<long, string> time) =>
        title switch
        {
            "JIDS" => JidNotation.Print(JidRanges.Range(jobs.First, jobs.Last)),
            "QUEUED" => jobs.Jobs.ToString("#,0", CultureInfo.InvariantCulture),
            "STARTS" => jobs.StartsFrom > 0 ? time(jobs.StartsFrom) : "not known",
            "LAST STARTS" => jobs.Unforeseen == 0 ? time(jobs.StartsUntil) : "not known",
            // The end of all of them, not only of those that are known to start.
            "ENDS" => jobs is { Unforeseen: 0, EndsAt: > 0, RuntimeUs: > 0 }
                ? time(jobs.EndsAt)
                : "not known",
            "RUNTIME" => jobs.RuntimeUs > 0 ? Ages.Print(jobs.RuntimeUs) : "-",
            "FROM" => ForecastText.Basis(jobs),
            "LABEL" => jobs.Label,
            _ => jobs.Command,
        };
}
