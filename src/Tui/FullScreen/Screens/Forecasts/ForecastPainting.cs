using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Forecasts;
using JobCloud.Tui.FullScreen.Model.Output;
using JobCloud.Tui.FullScreen.Screens.Nodes;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Forecasts;

/// <summary>Paints the bars of a forecast.</summary>
internal static class ForecastPainting
{
    private const string NowText = "▾now";

    // The columns before the name of a node.
    private const int NameAt = 4;
    private const int MaxName = 14;

    /// <summary>The column at which the bars begin.</summary>
    public static int LeftOf(ForecastReply reply, int width)
    {
        var name = reply.Nodes.Select(node => node.Name.Length).DefaultIfEmpty().Max();
        return NameAt + Math.Clamp(name, 2, Math.Min(MaxName, width / 5)) + 1;
    }

    /// <summary>Paints the times above the bars.</summary>
    public static void Times(Canvas canvas, ForecastScale scale, TimeSpan offset)
    {
        var now = scale.NowColumn;
        var free = 0;
        foreach (var (column, text) in scale.Marks(offset))
        {
            var end = column + 1 + text.Length;
            var hidesNow = column <= now + NowText.Length && end >= now;
            if (column < free || hidesNow || end > canvas.Width)
                continue;
            canvas.Put(column, 0, '│', Ink.Rule);
            free = canvas.Text(column + 1, 0, text, Ink.Muted) + 1;
        }
        canvas.Text(now, 0, NowText, Ink.Accent);
    }

    /// <summary>Paints the name and state of a lane's node.</summary>
    public static void Name(Canvas canvas, int y, ForecastLane lane)
    {
        if (lane.Number == 0)
        {
            var look = NodeRows.Look(lane.Node.State);
            canvas.Put(2, y, look.Glyph, look.Ink);
            canvas.Text(NameAt, y, lane.Node.Name, Ink.Title);
        }
        if (lane.More > 0)
            canvas.Text(NameAt, y, $"+{lane.More}", Ink.Muted);
    }

    /// <param name="named">The bar under the cursor; null: it is on another lane.</param>
    public static void Bars(
        Canvas canvas,
        ForecastLane lane,
        ForecastScale scale,
        KnownForecast forecast,
        ForecastBar? named
    )
    {
        foreach (var bar in lane.Bars)
            if (bar != named)
                Bar(canvas, bar, scale, forecast, Ground.Plain);
        // Above those that share its columns.
        if (named is not null)
            Bar(canvas, named, scale, forecast, Ground.Cursor);
    }

    private static void Bar(
        Canvas canvas,
        ForecastBar bar,
        ForecastScale scale,
        KnownForecast forecast,
        Ground ground
    )
    {
        var from = scale.ColumnOf(bar.From);
        if (from >= scale.Width)
            return;
        var first = Math.Max(0, from);
        var to = bar.To > 0 ? scale.ColumnOf(bar.To) : scale.Width;
        var end = Math.Max(first + 1, to);
        var style = new Style(InkOf(bar), ground);
        for (var x = first; x < end; x++)
            canvas.Put(x, 0, Fill(bar, x < scale.NowColumn), style);
        if (from >= 0)
            canvas.Put(from, 0, '│', style);
        if (bar.To == 0)
            canvas.Put(scale.Width - 1, 0, '→', style);
        else if (to == scale.Width && bar.To > scale.InstantAt(scale.Width))
            canvas.Put(scale.Width - 1, 0, '›', style);
        var start = from >= 0 ? first + 1 : first;
        var text = Label(bar, forecast, end - start - 1);
        canvas.Text(start, 0, text, new Style(Ink.Title, ground, ground != Ground.Plain));
    }

    // What has run, what a job is expected to run, and what nobody knows.
    private static char Fill(ForecastBar bar, bool isPast) =>
        bar.Running && isPast ? '█'
        : bar.To == 0 ? '╌'
        : bar.Running ? '▒'
        : '░';

    private static Ink InkOf(ForecastBar bar) =>
        bar.First == 0 ? Ink.Muted
        : bar.Running ? Ink.Processing
        : Ink.Queued;

    // The longest text that fits.
    private static string Label(ForecastBar bar, KnownForecast forecast, int room)
    {
        var jids = ForecastLines.Jids(bar);
        if (jids.Length > room)
            return "";
        var name = forecast.NameOf(bar);
        var whole = name.Length > 0 ? $"{jids} {name}" : jids;
        return Graphemes.Columns(whole, room + 1) <= room ? whole : jids;
    }
}
