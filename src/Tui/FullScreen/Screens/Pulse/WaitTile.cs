using System.Globalization;
using JobCloud.Tui.FullScreen.Model;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.Tui.FullScreen.Screens.Pulse;

/// <summary>The reasons why jobs have not started, most jobs first.</summary>
internal static class WaitTile
{
    public static void Paint(Canvas canvas, IReadOnlyList<WaitCount> waits)
    {
        var inside = canvas.Box("jobs wait for", Ink.Rule, Ink.Title);
        if (waits.Count == 0)
            inside.Text(1, 0, "Every job has started.", Ink.Muted);
        // The first number is the widest.
        var end = 1 + (waits.Count > 0 ? Number(waits[0].Jobs).Length : 0);
        for (var y = 0; y < inside.Height && y < waits.Count; y++)
        {
            var (reason, jobs) = waits[y];
            inside.TextRight(end, y, Number(jobs), StyleOf(reason) with { Strong = true });
            inside.Text(end + 2, y, TextOf(reason), Ink.Text, inside.Width - end - 3);
        }
    }

    private static string Number(long jobs) => jobs.ToString("#,0", CultureInfo.InvariantCulture);

    private static string TextOf(WaitReason reason) =>
        reason switch
        {
            WaitReason.Dependencies => "a dependency",
            WaitReason.Retry => "a retry, after a failure",
            WaitReason.AnotherNode => "another node: theirs was lost",
            WaitReason.ReadyNode => "a node: none is ready",
            WaitReason.LargerNode => "more cores than any node has",
            WaitReason.FreeCores => "free cores",
            WaitReason.JobsAhead => "memory, or jobs ahead of them",
            _ => "unknown: older jobs",
        };

    // Reasons that do not resolve by themselves are highlighted.
    private static Style StyleOf(WaitReason reason) =>
        reason switch
        {
            WaitReason.ReadyNode or WaitReason.LargerNode => Ink.Warning,
            WaitReason.Dependencies => Ink.Waiting,
            WaitReason.Unknown => Ink.Muted,
            _ => Ink.Queued,
        };
}
