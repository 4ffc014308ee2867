using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model.Maps;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Maps;

/// <summary>Paints a map as a whole: its counts, runtimes, failures and heat-map.</summary>
internal static class MapPainting
{
    /// <summary>Reasons of failures that are shown, at most.</summary>
    public const int MaxFailures = 4;

    // From the least to the greatest; the first is for none.
    private static readonly Ink[] Ramp = [Ink.Rule, Ink.Done, Ink.Queued, Ink.Killed, Ink.Error];

    /// <summary>The number of lines that <see cref="Summary"/> takes.</summary>
    public static int SummaryLines(MapReply map) => 2 + Math.Min(MaxFailures, map.Failures.Count);

    /// <summary>Paints counts, runtimes and failures.</summary>
    public static void Summary(Canvas canvas, MapReply map)
    {
        var x = 1;
        foreach (var status in StatusStyle.InOrder)
        {
            var count = map.Counts.ElementAtOrDefault((int)status);
            if (count == 0)
                continue;
            var look = StatusStyle.Of(status);
            x = canvas.Text(x, 0, look.Glyph, look.Style) + 1;
            x = canvas.Text(x, 0, $"{StatusNames.Of(status)} ", Ink.Muted);
            x = canvas.Text(x, 0, Number(count), new Style(Ink.Text, Strong: true)) + 3;
        }
        if (map.Counts.ElementAtOrDefault(0) is > 0 and var deleted)
            canvas.Text(x, 0, $"deleted {Number(deleted)}", Ink.Muted);
        canvas.Text(1, 1, Runtimes(map), Ink.Muted);
        for (var i = 0; i < Math.Min(MaxFailures, map.Failures.Count); i++)
        {
            var group = map.Failures[i];
            var look = StatusStyle.Of(group.Status);
            canvas.Text(1, 2 + i, look.Glyph, look.Style);
            var end = canvas.Text(3, 2 + i, FailureText.Of(group), look.Style);
            var more = i == MaxFailures - 1 ? map.Failures.Count - MaxFailures : 0;
            var first = $"first {group.First}" + (more > 0 ? $" · {more} more reasons" : "");
            canvas.Text(end + 2, 2 + i, first, Ink.Muted);
        }
    }

    /// <summary>What the colours show, and the job under the cursor.</summary>
    public static void Legend(Canvas canvas, HeatMap heat, HeatMeasure measure, int cell)
    {
        var x = canvas.Text(1, 0, measure.ToString().ToLowerInvariant(), Ink.Title) + 2;
        if (measure != HeatMeasure.Status)
        {
            for (var level = 1; level < HeatMap.Levels; level++)
                canvas.Put(x++, 0, '■', Ramp[level]);
            x =
                canvas.Text(x + 1, 0, $"up to {Value(heat.MaxOf(measure), measure)}", Ink.Muted)
                + 2;
        }
        if (heat.Jobs > 1)
            x = canvas.Text(x, 0, $"{Number(heat.Jobs)} elements a cell", Ink.Muted) + 2;
        if (cell >= heat.Count)
            return;
        var (first, last) = heat.JobsOf(cell);
        var look = StatusStyle.Of(heat.Statuses[cell]);
        x = canvas.Text(x, 0, first == last ? $"{first}" : $"{first}-{last}", Ink.Accent) + 1;
        x = canvas.Text(x, 0, look.Glyph, look.Style) + 1;
        x = canvas.Text(x, 0, NameOf(heat.Statuses[cell]), look.Style) + 2;
        if (heat.Runtimes[cell] > 0)
            x = canvas.Text(x, 0, Ages.Print(heat.Runtimes[cell]), Ink.Muted) + 2;
        if (heat.Memory[cell] > 0)
            canvas.Text(x, 0, Sizes.Short(heat.Memory[cell]), Ink.Muted);
    }

    /// <summary>Paints the cells: two on each other in a cell of the terminal, or one as a sign if
    /// there are no colours.</summary>
    /// <param name="marked">Whether a job of a cell is marked.</param>
    public static void Cells(
        Canvas canvas,
        HeatMap heat,
        HeatMeasure measure,
        int cursor,
        Func<int, bool> marked,
        bool signs
    )
    {
        for (var y = 0; y < canvas.Height; y++)
        for (var x = 0; x < heat.Width; x++)
        {
            if (signs)
            {
                if (At(x, y) is { } ink)
                    canvas.Put(x, y, Sign(heat, y * heat.Width + x, measure), ink);
                continue;
            }
            if (At(x, 2 * y) is { } upper)
                canvas.Put(x, y, '▀', new Style(upper) { Back = At(x, 2 * y + 1) });
        }

        Ink? At(int x, int line)
        {
            var cell = line * heat.Width + x;
            return cell >= heat.Count ? null
                : cell == cursor ? Ink.Title
                : marked(cell) ? Ink.Accent
                : measure == HeatMeasure.Status ? StatusInk(heat.Statuses[cell])
                : Ramp[heat.LevelOf(cell, measure)];
        }
    }

    public static string Value(long value, HeatMeasure measure) =>
        measure == HeatMeasure.Memory ? Sizes.Short(value) : Ages.Print(value);

    private static Ink StatusInk(Status status) =>
        status == Status.Unspecified ? Ink.Rule : StatusStyle.Of(status).Style.Ink;

    private static string Sign(HeatMap heat, int cell, HeatMeasure measure) =>
        measure != HeatMeasure.Status ? $"{heat.LevelOf(cell, measure)}"
        : heat.Statuses[cell] == Status.Unspecified ? "·"
        : StatusStyle.Of(heat.Statuses[cell]).Glyph;

    private static string Runtimes(MapReply map) =>
        map.RuntimeMaxJid == 0
            ? "no element has run to its end"
            : $"runtime median {Ages.Print(map.RuntimeMedianUs)}, max {Ages.Print(map.RuntimeMaxUs)} (job {map.RuntimeMaxJid})";

    private static string NameOf(Status status) =>
        status == Status.Unspecified ? "deleted" : StatusNames.Of(status);

    private static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);
}
