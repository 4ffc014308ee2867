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

    public static bool IsProcessing(JobRow row) => RowField.Statuses.Has(row, Status.Processing);

    /// <summary>Asks for confirmation for the rows with jobs that the verb changes.</summary>
    public static void Change(MainWindow window, JobVerb verb, IReadOnlyList<JobRow> all)
    {
        var rows = all.Where(verb.Changes).ToList();
        if (rows.Count == 0)
        {
            window.ShowToast($"None of these jobs can be {verb.Participle}.", ToastKind.Error);
            return;
        }
        var lines = rows.Select(row => new ConfirmLine(
                JobCells.StatusOf(row),
                $"{JidNotation.Print(JidRanges.Range(row.First, row.Last)), -10}  {row.Owner, -8}  {Name(row)}"
            ))
            .ToList();
        Ask(window, verb, Select([.. Ranges(rows)]), rows.Sum(verb.Count), lines);
    }

    /// <summary>Asks for confirmation for a selection, after counting its jobs.</summary>
    public static void Change(MainWindow window, JobVerb verb, Selection jobs) =>
        window.Send(
            CloudCalls.Status.With(new() { Jobs = jobs }),
            reply =>
            {
                var runs = reply.Runs.Where(run => verb.Statuses.Contains(run.Status)).ToList();
                if (runs.Count == 0)
                {
                    window.ShowToast(
                        $"None of these jobs can be {verb.Participle}.",
                        ToastKind.Error
                    );
                    return;
                }
                var lines = runs.Select(run => new ConfirmLine(run.Status, Words(run))).ToList();
                Ask(window, verb, jobs, runs.Sum(run => run.Count), lines);
            }
        );

    /// <summary>Asks for the priority. Not confirmed, because it is easily undone.</summary>
    public static void Prioritize(MainWindow window, IReadOnlyList<JobRow> rows)
    {
        var statuses = rows.Where(JobVerb.Kill.Changes).ToList();
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

    /// <summary>Opens a terminal in a job; the UI returns when it closes.</summary>
    public static void Shell(MainWindow window, Jid jid)
    {
        if (window.Past is not null)
            window.ShowPast();
        else if (window.Options.ReadOnly)
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

    /// <summary>Opens the submission form with a copy of a whole map.</summary>
    public static void SubmitMapCopy(MainWindow window, long first) =>
        window.Send(
            CloudCalls.Map.With(new() { Jid = first, Submission = true }),
            map =>
            {
                if (map.Submission.Lacking is { Length: > 0 } why)
                    window.ShowToast(why, ToastKind.Error);
                else
                    window.Open(window.Screens.SubmitMap(window, map));
            }
        );

    public static void CopyJids(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Copy(window, JidNotation.Print(Ranges(rows)));

    public static void CopyCommands(MainWindow window, IReadOnlyList<JobRow> rows) =>
        Copy(window, string.Join('\n', rows.Select(row => row.Command)));

    private static void Copy(MainWindow window, string text)
    {
        window.Effects.Enqueue(new Effect.Copy(text));
        window.ShowToast($"Copied {(text.Length > 60 ? $"{text.Length} characters" : text)}.");
    }

    private static void Ask(
        MainWindow window,
        JobVerb verb,
        Selection jobs,
        long count,
        IReadOnlyList<ConfirmLine> lines
    ) =>
        window.ShowDialog(
            new ConfirmOverlay(
                window,
                new Confirmation(
                    $"{verb.Label} {Jobs(count)}?",
                    lines,
                    verb.Label,
                    $"{verb.Name} {JidNotation.Print(jobs)}",
                    count > TypedAbove ? $"{count}" : ""
                ),
                () =>
                    window.Send(
                        verb.Request(jobs),
                        change => Report(window, change, verb.Participle)
                    )
            )
        );

    private static void Report(MainWindow window, ChangeReply change, string participle)
    {
        var (changed, selected) = (change.Changed, change.Selected);
        var rest = changed < selected ? $"; {selected - changed} unchanged" : "";
        window.ShowToast($"{Jobs(changed)} {participle}{rest}.", ToastKind.Done);
    }

    /// <summary>The jobs of these jids.</summary>
    public static Selection Select(IEnumerable<long> jids) =>
        Select([.. JidRanges.Normalize(jids.Select(jid => JidRanges.Range(jid, jid)))]);

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
}
