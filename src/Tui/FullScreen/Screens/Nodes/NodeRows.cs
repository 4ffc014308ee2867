using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Nodes;

/// <summary>The rows of the node table.</summary>
internal static class NodeRows
{
    private const int SparkWidth = 16;

    private static readonly (string Title, int Width, int FromWidth, bool Right)[] Columns =
    [
        ("NODE", 10, 0, false),
        ("STATE", 10, 0, false),
        ("CORES IN USE", SparkWidth, 60, false),
        ("CORES", 7, 0, true),
        ("MEMORY", 17, 76, true),
        ("JOBS", 5, 0, true),
        ("LIMITS", 10, 100, false),
        ("VERSION", 8, 108, false),
        ("SINCE", 6, 90, true),
        ("ADDRESS", 18, 130, false),
        ("REASON", 20, 124, false),
    ];

    public static NodeStateStyle Look(string state) =>
        state switch
        {
            "ready" => new("●", Ink.Done),
            "draining" => new("◐", Ink.Warning),
            "drained" => new("○", Ink.Muted),
            "" => new("·", Ink.Muted),
            _ => new("✗", Ink.Error),
        };

    public static void PaintTitles(Canvas canvas)
    {
        var x = 5;
        foreach (var (title, width, from, right) in Columns)
        {
            if (canvas.Width < from)
                continue;
            var style = new Style(Ink.Muted, Strong: true);
            if (right)
                canvas.TextRight(x + width, 0, title, style);
            else
                canvas.Text(x, 0, title, style);
            x += width + 2;
        }
    }

    public static void Paint(Canvas canvas, int y, NodeLine line, long now)
    {
        var look = Look(line.Node.State);
        canvas.Put(3, y, look.Glyph, look.Ink);
        var x = 5;
        for (var i = 0; i < Columns.Length; i++)
        {
            var (title, width, from, right) = Columns[i];
            if (canvas.Width < from)
                continue;
            if (title == "CORES IN USE")
                Sparkline.Paint(canvas, x, y, width, line.Use, Ink.Processing, max: 1);
            else if (right)
                canvas.TextRight(x + width, y, Text(line.Node, title, now), Ink.Text);
            else
                canvas.Text(x, y, Text(line.Node, title, now), StyleOf(title, look), width);
            x += width + 2;
        }
    }

    private static string Text(NodeView node, string title, long now) =>
        title switch
        {
            "NODE" => node.Name,
            "STATE" => node.State,
            "CORES" => $"{node.InUse?.Cores ?? 0}/{node.Capacity?.Cores ?? 0}",
            "MEMORY" => $"{Size(node.InUse)} / {Size(node.Capacity)}",
            "JOBS" => node.Assigned > 0
                ? $"{node.Processing}+{node.Assigned}"
                : $"{node.Processing}",
            "LIMITS" => node.Limits,
            "VERSION" => node.Version,
            "SINCE" when node.Since == 0 => "",
            "SINCE" => Ages.Coarse(TimeSpan.FromMicroseconds(now - node.Since)),
            "ADDRESS" => node.Address,
            _ => node.Reason.Length > 0 ? node.Reason : Certificate(node, now),
        };

    /// <summary>A warning before the node's certificate expires.</summary>
    private static string Certificate(NodeView node, long now) =>
        node.CertificateUntil == 0
            ? ""
            : CertificateExpiry.Brief(
                Microseconds.ToInstant(node.CertificateUntil),
                Microseconds.ToInstant(now)
            );

    private static string Size(JobCloud.Protocol.Resources? resources) =>
        resources is null or { MemoryBytes: 0, Cores: > 0 }
            ? "-"
            : Sizes.Print(resources.MemoryBytes).Replace("iB", "", StringComparison.Ordinal);

    private static Style StyleOf(string title, NodeStateStyle look) =>
        title switch
        {
            "NODE" => new Style(Ink.Title),
            "STATE" => look.Ink,
            "REASON" => Ink.Warning,
            _ => Ink.Muted,
        };
}

/// <summary>The glyph and colour of a node's state.</summary>
internal readonly record struct NodeStateStyle(string Glyph, Ink Ink);
