using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>Actions on jobs. Asks for confirmation of those that cannot be undone.</summary>
internal static class JobActions
{
    /// <summary>The number of jobs above which the user must type it to confirm.</summary>
    public const int TypedAbove = 10;

    private static readonly Status[] Unfinished =
    [
        Status.Waiting,
        Status.Queued,
        Status.Processing,
    ];
    private static readonly Status[] Finished =
    [
        Status.Done,
        Status.Error,
        Status.Killed,
        Status.Stalled,
    ];
    private static readonly Status[] Failed = [Status.Error, Status.Killed, Status.Stalled];

    public static bool IsProcessing(JobRow row) => RowField.Statuses.Has(row, Status.Processing);

    public static bool IsUnfinished(JobRow row) => Count(row, Unfinished) > 0;

    public static bool IsFinished(JobRow row) => Count(row, Finished) > 0;

    public static bool HasFailed(JobRow row) => Count(row, Failed) > 0;

    public static void Kill(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Ask(
            window,
            "kill",
            "killed",
            Unfinished,
            rows,
            s => CloudCalls.Kill.With(new() { Jobs = s })
        );

    public static void Delete(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Ask(
            window,
            "delete",
            "deleted",
            Finished,
            rows,
            s => CloudCalls.Delete.With(new() { Jobs = s })
        );

    public static void Retry(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Ask(
            window,
            "retry",
            "retried",
            Failed,
            rows,
            s => CloudCalls.Retry.With(new() { Jobs = s })
        );

    /// <summary>Asks for the priority. Not confirmed, because it is easily undone.</summary>
    public static void Prioritize(MainWindow window, IReadOnlyList<JobRow> rows)
    {
        var statuses = rows.Where(IsUnfinished).ToList();
        if (statuses.Count > 0)
            window.ShowDialog(
                new PriorityOverlay(window, Select([.. Ranges(statuses)]), statuses[0].Priority)
            );
    }

    /// <summary>Sets the priority of jobs; a lower one runs first.</summary>
    public static void Prioritize(MainWindow window, Selection jobs, int priority)
    {
        var request = new PrioritizeRequest { Jobs = jobs, Priority = priority };
        window.Send(
            CloudCalls.Prioritize.With(request),
            change => Report(window, change, $"set to priority {priority}")
        );
    }

    /// <summary>Asks for confirmation for a selection, after counting its jobs.</summary>
    public static void Ask(
        MainWindow window,
        string verb,
        string participle,
        Selection jobs,
        Func<Selection, CallRequest<ChangeReply>> request
    ) =>
        window.Send(
            CloudCalls.Status.With(new() { Jobs = jobs }),
            reply =>
            {
                var runs = reply.Runs;
                var lines = runs.Select(run => new ConfirmLine(run.Status, Words(run))).ToList();
                Ask(window, verb, participle, jobs, runs.Sum(run => run.Count), lines, request);
            }
        );

    /// <summary>Opens a terminal in a job; the UI returns when it closes.</summary>
    public static void Shell(MainWindow window, Jid jid)
    {
        if (window.Options.ReadOnly)
            window.ShowReadOnly();
        else
            window.Effects.Enqueue(new Effect.RunChild(["ssh", $"{jid}"]));
    }

    /// <summary>Opens the submission form with a copy of a job.</summary>
    public static void SubmitCopy(MainWindow window, Jid jid)
    {
        var request = new InfoRequest
        {
            Jobs = Select(JidRanges.Range(jid, jid)),
            Items = { "attributes" },
        };
        window.Send(
            CloudCalls.Info.With(request),
            job =>
            {
                window.Open(window.Screens.Submit(window, job));
            }
        );
    }

    public static void CopyJids(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Copy(window, JidNotation.Print(Ranges(rows)));

    public static void CopyCommands(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Copy(window, string.Join('\n', rows.Select(row => row.Command)));

    private static void Copy(MainWindow window, string text)
    {
        window.Effects.Enqueue(new Effect.Copy(text));
        window.ShowToast($"Copied {(text.Length > 60 ? $"{text.Length} characters" : text)}.");
    }

    // Only rows with jobs in these statuses are concerned.
    private static void Ask(
        MainWindow window,
        string verb,
        string participle,
        Status[] statuses,
        IReadOnlyList<JobRow> all,
        Func<Selection, CallRequest<ChangeReply>> request
    )
    {
        var rows = all.Where(row => Count(row, statuses) > 0).ToList();
        if (rows.Count == 0)
        {
            window.ShowToast($"None of these jobs can be {participle}.", ToastKind.Error);
            return;
        }
        var lines = rows.Select(row => new ConfirmLine(
                JobCells.StatusOf(row),
                $"{JidNotation.Print(JidRanges.Range(row.First, row.Last)), -10}  {row.Owner, -8}  {Name(row)}"
            ))
            .ToList();
        var count = rows.Sum(row => Count(row, statuses));
        Ask(window, verb, participle, Select([.. Ranges(rows)]), count, lines, request);
    }

    private static void Ask(
        MainWindow window,
        string verb,
        string participle,
        Selection jobs,
        long count,
        IReadOnlyList<ConfirmLine> lines,
        Func<Selection, CallRequest<ChangeReply>> request
    ) =>
        window.ShowDialog(
            new ConfirmOverlay(
                window,
                new Confirmation(
                    $"{char.ToUpperInvariant(verb[0])}{verb[1..]} {Jobs(count)}?",
                    lines,
                    char.ToUpperInvariant(verb[0]) + verb[1..],
                    $"{verb} {JidNotation.Print(jobs)}",
                    count > TypedAbove ? $"{count}" : ""
                ),
                () => window.Send(request(jobs), change => Report(window, change, participle))
            )
        );

    private static void Report(MainWindow window, ChangeReply change, string participle)
    {
        var (changed, selected) = (change.Changed, change.Selected);
        var rest = changed < selected ? $"; {selected - changed} unchanged" : "";
        window.ShowToast($"{Jobs(changed)} {participle}{rest}.", ToastKind.Done);
    }

    private static List<JidRange> Ranges(IReadOnlyList<JobRow> rows) =>
        JidRanges.Normalize(rows.Select(row => JidRanges.Range(row.First, row.Last)));

    private static Selection Select(params JidRange[] ranges) =>
        new() { Items = { ranges.Select(range => new SelectionItem { Range = range }) } };

    private static string Name(JobRow row) => row.Label.Length > 0 ? row.Label : row.Command;

    private static string Words(StatusRun run)
    {
        var jids = JidNotation.Print(JidRanges.Range(run.First, run.First + run.Count - 1));
        return $"{jids, -14}  {StatusNames.Of(run.Status)}";
    }

    private static string Jobs(long count) => count == 1 ? "1 job" : $"{count} jobs";

    private static long Count(JobRow row, Status[] statuses)
    {
        var count = 0L;
        foreach (var status in statuses)
            count += RowField.Statuses.Count(row, status);
        return count;
    }
}
