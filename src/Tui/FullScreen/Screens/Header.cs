using System.Globalization;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Cloud;
using JobCloud.Tui.FullScreen.Keys;
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

    private const string Unknown = "…";

    /// <summary>Paints the header; returns the number of lines it took.</summary>
    public static int Paint(MainWindow window, Canvas canvas, Link link)
    {
        if (!MainWindow.IsFull(canvas.Width, canvas.Height))
        {
            PaintCompact(window, canvas.Part(0, 0, canvas.Width, 1), link);
            return 1;
        }
        PaintFirst(window, canvas.Part(0, 0, canvas.Width, 1), link);
        // Not all counts of the past are known; the line of the past has those that are.
        if (window.Past is null)
            PaintCounts(window.Snapshot, canvas.Part(0, 1, canvas.Width, 1));
        return window.Past is null ? 2 : 1;
    }

    /// <summary>What a click shows; null: nothing.</summary>
    public static HeaderTarget? TargetAt(
        MainWindow window,
        int width,
        int height,
        int column,
        int line
    )
    {
        var isFull = MainWindow.IsFull(width, height);
        if (window.Past is not null && !(isFull && line == 0))
            return null;
        if (isFull && line == 0)
            foreach (var (x, text, screen) in Roots(window))
                if (column >= x && column < x + text.Length)
                    return new(null, screen);
        var counts = isFull ? Counts(window.Snapshot, width) : CompactCounts(window.Snapshot);
        if (line == (isFull ? 1 : 0))
            foreach (var count in counts)
                if (column >= count.X && column < count.X + count.Width)
                    return new(count.Status, null);
        return null;
    }

    private static void PaintFirst(MainWindow window, Canvas canvas, Link link)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        canvas.Text(1, 0, "JobCloud", new Style(Ink.Accent, Ground.Bar, Strong: true));
        var x = 0;
        foreach (var (from, text, screen) in Roots(window))
        {
            var isShown = screen == window.RootKey;
            var style = new Style(isShown ? Ink.Title : Ink.Muted, Ground.Bar, isShown);
            canvas.Put(from, 0, text[0], new Style(Ink.Accent, Ground.Bar));
            x = canvas.Text(from + 1, 0, text.AsSpan(1), style);
        }
        x = window.Past is null ? PaintNodes(window.Snapshot, canvas, x + 4) : x;
        x = Pair(canvas, x + 4, "you", window.Options.Me);
        if (window.Options.ReadOnly)
            canvas.Text(x + 4, 0, "read-only", new Style(Ink.Warning, Ground.Bar));
        PaintLink(window, canvas, link);
    }

    private static void PaintCompact(MainWindow window, Canvas canvas, Link link)
    {
        canvas.Fill(new Style(Ink.Text, Ground.Bar));
        if (window.Past is null)
            PaintCompactCounts(window, canvas);
        PaintLink(window, canvas, link);
    }

    private static void PaintCompactCounts(MainWindow window, Canvas canvas)
    {
        PaintNodes(window.Snapshot, canvas, 1);
        foreach (var (at, _, status) in CompactCounts(window.Snapshot))
        {
            var look = StatusStyle.Of(status);
            var x = canvas.Text(at, 0, look.Glyph, look.Style.On(Ground.Bar)) + 1;
            var count = Number(window.Snapshot, status);
            canvas.Text(x, 0, count, new Style(Ink.Text, Ground.Bar));
        }
    }

    private static IEnumerable<CountPlace> CompactCounts(Snapshot snapshot)
    {
        var x = 1 + NodesText(snapshot).Length + 2;
        foreach (var status in new[] { Status.Processing, Status.Queued, Status.Error })
        {
            var width = 2 + Number(snapshot, status).Length;
            yield return new(x, width, status);
            x += width + 2;
        }
    }

    // The screens that keys open from everywhere.
    private static IEnumerable<(int X, string Text, KeyAction Screen)> Roots(MainWindow window)
    {
        var x = 13;
        foreach (var screen in window.Screens.Roots.Keys)
        {
            var text = $"{screen.Names[0]} {screen.Label}";
            yield return (x, text, screen);
            x += text.Length + 2;
        }
    }

    private static int PaintNodes(Snapshot snapshot, Canvas canvas, int x)
    {
        var isReady = snapshot.Nodes.All(line => line.Node.State == "ready");
        var style = new Style(isReady ? Ink.Text : Ink.Warning, Ground.Bar);
        return canvas.Text(x, 0, NodesText(snapshot), style);
    }

    private static string NodesText(Snapshot snapshot)
    {
        // A cloud has at least the node that answers.
        if (snapshot.Nodes.Count == 0)
            return $"nodes {Unknown}";
        var ready = snapshot.Nodes.Count(line => line.Node.State == "ready");
        return $"nodes {ready}/{snapshot.Nodes.Count} ready";
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

    private static void PaintCounts(Snapshot snapshot, Canvas canvas)
    {
        foreach (var (at, width, status) in Counts(snapshot, canvas.Width))
        {
            var look = StatusStyle.Of(status);
            var x = canvas.Text(at, 0, look.Glyph, look.Style) + 1;
            x = canvas.Text(x, 0, StatusNames.Of(status), Ink.Muted) + 1;
            x = canvas.Text(x, 0, Number(snapshot, status), new Style(Ink.Text, Strong: true));
            if (MeasureOf(status) is { } measure)
                Sparkline.Paint(
                    canvas.Part(x + 1, 0, at + width - x - 1, 1),
                    snapshot.Pulse[measure],
                    look.Style,
                    count: SparkSeconds
                );
        }
    }

    // The sparklines share the width that the numbers leave.
    private static IEnumerable<CountPlace> Counts(Snapshot snapshot, int width)
    {
        var sparks = StatusStyle.InOrder.Count(status => MeasureOf(status) is not null);
        var texts = StatusStyle.InOrder.Sum(status => WidthOf(snapshot, status) + Gap);
        var spark = Math.Clamp((width + Gap - 2 - texts) / sparks - 1, 0, MaxSpark);
        var x = 1;
        foreach (var status in StatusStyle.InOrder)
        {
            var taken = WidthOf(snapshot, status) + (MeasureOf(status) is null ? 0 : 1 + spark);
            yield return new(x, taken, status);
            x += taken + Gap;
        }
    }

    private static int WidthOf(Snapshot snapshot, Status status) =>
        StatusNames.Of(status).Length + Number(snapshot, status).Length + 3;

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

    private static string Number(Snapshot snapshot, Status status) =>
        snapshot.Counts.Count == 0
            ? Unknown
            : snapshot.Count(status).ToString("#,0", CultureInfo.InvariantCulture);
}

/// <summary>What a click on the header shows: the jobs of a status, or a screen.</summary>
internal sealed record HeaderTarget(Status? Status, KeyAction? Screen);

/// <summary>Where the header has the number of jobs in a status.</summary>
internal readonly record struct CountPlace(int X, int Width, Status Status);
