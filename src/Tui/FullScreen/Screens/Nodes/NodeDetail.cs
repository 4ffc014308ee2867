using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Screens.Jobs;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Nodes;

/// <summary>The details of one node and the jobs that run on it.</summary>
internal static class NodeDetail
{
    public static void Paint(Canvas canvas, NodeLine line, MainWindow window)
    {
        var node = line.Node;
        var look = NodeRows.Look(node.State);
        var inside = canvas.Box($"{node.Name}  {look.Glyph} {node.State}", Ink.Rule, Ink.Title);
        var half = Math.Max(60, inside.Width / 2);
        PaintFacts(inside.Part(1, 0, half - 2, inside.Height), line, window);
        PaintJobs(
            inside.Part(half, 0, inside.Width - half - 1, inside.Height),
            line.Running,
            window.Now
        );
    }

    private static void PaintFacts(Canvas canvas, NodeLine line, MainWindow window)
    {
        var node = line.Node;
        var (all, used) = (node.Capacity, node.InUse);
        Fact(canvas, 0, "cores", $"{used?.Cores ?? 0} of {all?.Cores ?? 0} in use");
        Sparkline.Paint(canvas, 34, 0, canvas.Width - 34, line.Use, Ink.Processing, max: 1);
        Fact(
            canvas,
            1,
            "memory",
            $"{Sizes.Print(used?.MemoryBytes ?? 0)} of {Sizes.Print(all?.MemoryBytes ?? 0)}"
        );
        Fact(canvas, 2, "jobs", $"{node.Processing} processing, {node.Assigned} about to start");
        Fact(canvas, 3, "limits", node.Limits);
        Fact(canvas, 4, "sandbox", Sandbox(node.Isolation));
        Fact(canvas, 5, "version", node.Version);
        Fact(canvas, 6, "since", Instants.Short(node.Since, window.OffsetAt(node.Since)));
        Fact(canvas, 7, "address", node.Address);
        if (node.Reason.Length > 0)
            Fact(canvas, 8, "reason", node.Reason, Ink.Warning);
    }

    private static string Sandbox(JobCloud.Protocol.Isolation? isolation) =>
        isolation switch
        {
            null => "unknown",
            { NoSandbox.Length: > 0 } => $"none: {isolation.NoSandbox}",
            { NoPrivateNetwork.Length: > 0 } =>
                $"bubblewrap, no private network: {isolation.NoPrivateNetwork}",
            _ => "bubblewrap",
        };

    private static void PaintJobs(Canvas canvas, IReadOnlyList<JobRow> jobs, long now)
    {
        canvas.Text(0, 0, "single jobs", new Style(Ink.Muted, Strong: true));
        if (jobs.Count == 0)
            canvas.Text(0, 1, "none", Ink.Muted);
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            var look = StatusStyle.Of(JobCells.StatusOf(job));
            canvas.Put(0, i + 1, look.Glyph, look.Style);
            canvas.Text(2, i + 1, $"{job.First}", Ink.Title);
            canvas.TextRight(18, i + 1, Ages.Print(now - job.Started), Ink.Muted);
            canvas.Text(20, i + 1, job.Command, Ink.Text);
        }
    }

    private static void Fact(Canvas canvas, int y, string name, string value, Ink ink = Ink.Text)
    {
        canvas.Text(0, y, name, Ink.Muted);
        canvas.Text(9, y, value, ink);
    }
}
