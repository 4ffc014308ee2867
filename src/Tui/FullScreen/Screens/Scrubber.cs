using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>A line of a day with the failures of each time; a click leads to a time.</summary>
internal sealed class Scrubber(MainWindow window)
{
    private const int Edge = 13;

    private static readonly PulsePeriod Day = PulsePeriod.All.First(period =>
        period.Name == "1 day"
    );

    private readonly ActivityLoader _activity = new(window);

    /// <summary>Asks for the failures of the day if that is due; returns whether something
    /// changed.</summary>
    public bool Tick() => _activity.Tick(Day.Until(End));

    public void Paint(Canvas canvas)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var (from, until) = Ends();
        canvas.Text(1, 0, Time(from), new Style(Ink.Muted, Ground.Bar), Edge - 2);
        canvas.TextRight(canvas.Width - 1, 0, Time(until), new Style(Ink.Muted, Ground.Bar));
        var graph = Graph(canvas);
        if (_activity.Reply is { } reply)
            for (var x = 0; x < graph.Width; x++)
            {
                var span = (int)((long)x * reply.Failed.Count / graph.Width);
                var (failed, done) = (reply.Failed[span], reply.Done[span]);
                var style = new Style(failed > 0 ? Ink.Error : Ink.Muted, Ground.Bar);
                graph.Put(
                    x,
                    0,
                    failed > 0 ? Bar(failed, reply.Failed.Max())
                        : done > 0 ? '▁'
                        : '·',
                    style
                );
            }
        var at = Math.Clamp((window.Now - from) * graph.Width / (until - from), 0, graph.Width - 1);
        graph.Put((int)at, 0, '┃', new Style(Ink.Accent, Ground.Cursor, Strong: true));
    }

    /// <summary>The instant at a column; null: there is none.</summary>
    public long? InstantAt(int column, int width)
    {
        var room = width - 2 * Edge;
        var (from, until) = Ends();
        return column < Edge || column >= Edge + room || room < 1
            ? null
            : from + (column - Edge + 1) * ((until - from) / room);
    }

    private static Canvas Graph(Canvas canvas) => canvas.Part(Edge, 0, canvas.Width - 2 * Edge, 1);

    private static char Bar(long count, long most) =>
        "▁▂▃▄▅▆▇█"[(int)Math.Min(7, count * 7 / Math.Max(1, most))];

    // The day that ends now, or half a day after the instant if that is earlier.
    private long End =>
        Math.Min(window.Clock.NowMicroseconds(), window.Now + Day.Count / 2 * Day.SpanUs);

    private (long From, long Until) Ends()
    {
        var request = Day.Until(End);
        return (request.From, request.From + request.Spans * request.SpanUs);
    }

    private string Time(long at) => Instants.Short(at, window.OffsetAt(at))[5..16];
}
