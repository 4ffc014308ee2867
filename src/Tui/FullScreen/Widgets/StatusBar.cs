namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>A bar of jobs by status: finished jobs at the left, waiting ones at the
/// right.</summary>
internal static class StatusBar
{
    private static readonly (Status Status, char Block)[] Order =
    [
        (Status.Done, '█'),
        (Status.Error, '█'),
        (Status.Killed, '█'),
        (Status.Stalled, '▓'),
        (Status.Processing, '▒'),
        (Status.Queued, '░'),
        (Status.Waiting, '·'),
    ];

    /// <param name="counts">The numbers of jobs, by status number.</param>
    public static void Paint(Canvas canvas, IReadOnlyList<long> counts)
    {
        var total = 0L;
        foreach (var (status, _) in Order)
            total += Count(counts, status);
        if (total == 0)
            return;
        var (before, x) = (0L, 0);
        foreach (var (status, block) in Order)
        {
            before += Count(counts, status);
            var end = (int)(before * canvas.Width / total);
            canvas.Fill(x, 0, end - x, StatusStyle.Of(status).Style, block);
            x = Math.Max(x, end);
        }
    }

    private static long Count(IReadOnlyList<long> counts, Status status) =>
        (int)status < counts.Count ? counts[(int)status] : 0;
}
