using System.Globalization;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>The lines above every screen: the connection to the cloud, its nodes and its
/// jobs.</summary>
internal static class Header
{
    private const int MaxSpark = 14;
    private const int SparkSeconds = 5 * MaxSpark;

    // Columns between two statuses.
    private const int Gap = 3;

    /// <summary>Paints the header; returns the number of lines it took.</summary>
    public static int Paint(MainWindow window, Canvas canvas, Link link)
    {
        if (!MainWindow.IsFull(canvas.Width, canvas.Height))
        {
            PaintCompact(window, canvas.Part(0, 0, canvas.Width, 1), link);
            return 1;
        }
        PaintFirst(window, canvas.Part(0, 0, canvas.Width, 1), link);
        PaintCounts(window.Snapshot, canvas.Part(0, 1, canvas.Width, 1));
        return 2;
    }

    private static void PaintFirst(MainWindow window, Canvas canvas, Link link)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var x = canvas.Text(1, 0, "JobCloud", new Style(Ink.Accent, Ground.Bar, Strong: true));
        x = PaintNodes(window.Snapshot, canvas, x + 4);
        x = Pair(canvas, x + 4, "you", window.Options.Me);
        if (window.Options.ReadOnly)
            canvas.Text(x + 4, 0, "read-only", new Style(Ink.Warning, Ground.Bar));
        PaintLink(window, canvas, link);
    }

    private static void PaintCompact(MainWindow window, Canvas canvas, Link link)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        var x = PaintNodes(window.Snapshot, canvas, 1) + 2;
        foreach (
            var status in (ReadOnlySpan<Status>)[Status.Processing, Status.Queued, Status.Error]
        )
        {
            var look = StatusStyle.Of(status);
            x = canvas.Text(x, 0, look.Glyph, look.Style.On(Ground.Bar)) + 1;
            x =
                canvas.Text(
                    x,
                    0,
                    Number(window.Snapshot.Count(status)),
                    new Style(Ink.Text, Ground.Bar)
                ) + 2;
        }
        PaintLink(window, canvas, link);
    }

    private static int PaintNodes(Snapshot snapshot, Canvas canvas, int x)
    {
        var ready = 0;
        foreach (var node in snapshot.Nodes)
            ready += node.Node.State == "ready" ? 1 : 0;
        x = canvas.Text(x, 0, "nodes ", new Style(Ink.Muted, Ground.Bar));
        var ink = ready < snapshot.Nodes.Count ? Ink.Warning : Ink.Text;
        return canvas.Text(
            x,
            0,
            $"{ready}/{snapshot.Nodes.Count} ready",
            new Style(ink, Ground.Bar)
        );
    }

    // There is no clock, so that nothing is sent to the terminal while nothing changes.
    private static void PaintLink(MainWindow window, Canvas canvas, Link link)
    {
        var (text, ink) = Words(link, window.Clock.GetUtcNow());
        canvas.TextRight(canvas.Width - 1, 0, text, new Style(ink, Ground.Bar, Strong: true));
    }

    private static (string Text, Ink Ink) Words(Link link, DateTimeOffset now) =>
        link.State switch
        {
            LinkState.Live => ($"● LIVE {link.Node}".TrimEnd(), Ink.Done),
            LinkState.Stale => ($"◌ STALE {Ages.Print(now - link.Since)}", Ink.Warning),
            _ => ($"◌ JOINING {Ages.Print(now - link.Since)}", Ink.Queued),
        };

    // The sparklines share the width that the numbers leave.
    private static void PaintCounts(Snapshot snapshot, Canvas canvas)
    {
        var sparks = StatusStyle.InOrder.Count(status => MeasureOf(status) is not null);
        var texts = StatusStyle.InOrder.Sum(status =>
            StatusNames.Of(status).Length + Number(snapshot.Count(status)).Length + Gap + 3
        );
        var spark = Math.Clamp((canvas.Width + Gap - 2 - texts) / sparks - 1, 0, MaxSpark);
        var x = 1;
        foreach (var status in StatusStyle.InOrder)
        {
            var look = StatusStyle.Of(status);
            x = canvas.Text(x, 0, look.Glyph, look.Style) + 1;
            x = canvas.Text(x, 0, StatusNames.Of(status), Ink.Muted) + 1;
            x = canvas.Text(
                x,
                0,
                Number(snapshot.Count(status)),
                new Style(Ink.Text, Strong: true)
            );
            if (MeasureOf(status) is { } measure)
            {
                Sparkline.Paint(
                    canvas.Part(x + 1, 0, spark, 1),
                    snapshot.Pulse[measure],
                    look.Style,
                    count: SparkSeconds
                );
                x += 1 + spark;
            }
            x += Gap;
        }
    }

    private static Measure? MeasureOf(Status status) =>
        status switch
        {
            Status.Processing => Measure.Processing,
            Status.Queued => Measure.Queued,
            _ => null,
        };

    private static int Pair(Canvas canvas, int x, string name, string value)
    {
        x = canvas.Text(x, 0, name + " ", new Style(Ink.Muted, Ground.Bar));
        return canvas.Text(x, 0, value, new Style(Ink.Text, Ground.Bar));
    }

    private static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);
}
