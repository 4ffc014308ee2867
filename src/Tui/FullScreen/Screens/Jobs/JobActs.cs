using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>What can be done to jobs, wherever they are named. What cannot be taken back is asked
/// first.</summary>
internal static class JobActs
{
    /// <summary>Above so many jobs their number must be typed.</summary>
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

    public static void Kill(Frame frame, IReadOnlyList<JobRow> rows) =>
        Ask(
            frame,
            "kill",
            "killed",
            Unfinished,
            rows,
            s => CloudCalls.Kill.With(new() { Jobs = s })
        );

    public static void Delete(Frame frame, IReadOnlyList<JobRow> rows) =>
        Ask(
            frame,
            "delete",
            "deleted",
            Finished,
            rows,
            s => CloudCalls.Delete.With(new() { Jobs = s })
        );

    public static void Retry(Frame frame, IReadOnlyList<JobRow> rows) =>
        Ask(
            frame,
            "retry",
            "retried",
            Failed,
            rows,
            s => CloudCalls.Retry.With(new() { Jobs = s })
        );

    /// <summary>Asks for the priority; what is undone as easily is not confirmed.</summary>
    public static void Prioritize(Frame frame, IReadOnlyList<JobRow> rows)
    {
        var concerned = rows.Where(IsUnfinished).ToList();
        if (concerned.Count > 0)
            frame.Ask(
                new PriorityOverlay(frame, Select([.. Ranges(concerned)]), concerned[0].Priority)
            );
    }

    /// <summary>Lower first.</summary>
    public static void Prioritize(Frame frame, Selection jobs, int priority)
    {
        var request = new PrioritizeRequest { Jobs = jobs, Priority = priority };
        frame.Send(
            CloudCalls.Prioritize.With(request),
            change => Report(frame, change, $"got priority {priority}")
        );
    }

    /// <summary>Of jobs in batch notation: they are counted first.</summary>
    public static void Ask(
        Frame frame,
        string word,
        string done,
        Selection jobs,
        Func<Selection, CallRequest<ChangeReply>> request
    ) =>
        frame.Send(
            CloudCalls.Status.With(new() { Jobs = jobs }),
            reply =>
            {
                var runs = reply.Runs;
                var lines = runs.Select(run => new ConfirmLine(run.Status, Words(run))).ToList();
                Ask(frame, word, done, jobs, runs.Sum(run => run.Count), lines, request);
            }
        );

    /// <summary>A terminal in a job; the screens come back when it ends.</summary>
    public static void Shell(Frame frame, long jid)
    {
        if (frame.Options.ReadOnly)
            frame.SayReadOnly();
        else
            frame.Effects.Enqueue(new Effect.RunChild(["ssh", $"{jid}"]));
    }

    /// <summary>The form for a new job, filled in as a job was.</summary>
    public static void SubmitAlike(Frame frame, long jid)
    {
        var request = new InfoRequest
        {
            Jobs = Select(JidRanges.Range(jid, jid)),
            Items = { "attributes" },
        };
        frame.Send(
            CloudCalls.Info.With(request),
            job =>
            {
                frame.Open(frame.Places.Submit(frame, job));
            }
        );
    }

    public static void CopyJids(Frame frame, IReadOnlyList<JobRow> rows) =>
        Copy(frame, Jids.Print(Ranges(rows)));

    public static void CopyCommands(Frame frame, IReadOnlyList<JobRow> rows) =>
        Copy(frame, string.Join('\n', rows.Select(row => row.Command)));

    private static void Copy(Frame frame, string text)
    {
        frame.Effects.Enqueue(new Effect.Copy(text));
        frame.Say($"Copied {(text.Length > 60 ? $"{text.Length} characters" : text)}.");
    }

    // Only of rows with jobs in such a status; there is nothing to do for the others.
    private static void Ask(
        Frame frame,
        string word,
        string done,
        Status[] concerned,
        IReadOnlyList<JobRow> all,
        Func<Selection, CallRequest<ChangeReply>> request
    )
    {
        var rows = all.Where(row => Count(row, concerned) > 0).ToList();
        if (rows.Count == 0)
        {
            frame.Say($"None of these jobs can be {done}.", ToastKind.Error);
            return;
        }
        var lines = rows.Select(row => new ConfirmLine(
                JobCells.StatusOf(row),
                $"{Jids.Print(JidRanges.Range(row.First, row.Last)), -10}  {row.Owner, -8}  {Name(row)}"
            ))
            .ToList();
        var count = rows.Sum(row => Count(row, concerned));
        Ask(frame, word, done, Select([.. Ranges(rows)]), count, lines, request);
    }

    private static void Ask(
        Frame frame,
        string word,
        string done,
        Selection jobs,
        long count,
        IReadOnlyList<ConfirmLine> lines,
        Func<Selection, CallRequest<ChangeReply>> request
    ) =>
        frame.Ask(
            new ConfirmOverlay(
                frame,
                new Confirmation(
                    $"{char.ToUpperInvariant(word[0])}{word[1..]} {Jobs(count)}?",
                    lines,
                    char.ToUpperInvariant(word[0]) + word[1..],
                    $"{word} {Jids.Print(jobs)}",
                    count > TypedAbove ? $"{count}" : ""
                ),
                () => frame.Send(request(jobs), change => Report(frame, change, done))
            )
        );

    private static void Report(Frame frame, ChangeReply change, string done)
    {
        var (changed, selected) = (change.Changed, change.Selected);
        var rest = changed < selected ? $"; {selected - changed} unchanged" : "";
        frame.Say($"{Jobs(changed)} {done}{rest}.", ToastKind.Done);
    }

    private static List<JidRange> Ranges(IReadOnlyList<JobRow> rows) =>
        JidRanges.Normalize(rows.Select(row => JidRanges.Range(row.First, row.Last)));

    private static Selection Select(params JidRange[] ranges) =>
        new() { Items = { ranges.Select(range => new SelectionItem { Range = range }) } };

    private static string Name(JobRow row) => row.Label.Length > 0 ? row.Label : row.Command;

    private static string Words(StatusRun run)
    {
        var jids = Jids.Print(JidRanges.Range(run.First, run.First + run.Count - 1));
        return $"{jids, -14}  {StatusWords.Of(run.Status)}";
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
