using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>The known details of a job.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="Explained">Null: not received yet.</param>
internal sealed record KnownJob(
    JobDetail Job,
    IReadOnlyList<JobEvent> Events,
    Relatives Relatives,
    ExplainReply? Explained
);

/// <summary>The tabs of the job screen as rows of text.</summary>
internal static class DetailRows
{
    /// <param name="width">The available columns.</param>
    /// <param name="height">The available rows.</param>
    /// <param name="now">The current time in µs.</param>
    /// <param name="offset">The offset of the displayed times from UTC.</param>
    public static IReadOnlyList<DetailRow> Of(
        DetailTab tab,
        KnownJob known,
        int width,
        int height,
        long now,
        TimeSpan offset,
        int? cursor = null,
        PlotLook look = PlotLook.Bars
    ) =>
        tab switch
        {
            DetailTab.Overview => JobCards.Rows(known, width, now, offset),
            DetailTab.Usage => UsageTab.Rows(known.Job, width, height, now, offset, cursor, look),
            DetailTab.Attempts => Table(JobTables.Attempts(known.Job, now, offset)),
            DetailTab.Dependencies => DependencyTree.Of(known.Job, known.Relatives).Rows,
            DetailTab.Ports => Table(JobTables.Ports(known.Job)),
            DetailTab.Events => Table(JobTables.Events(known.Events, now, offset)),
            DetailTab.Explain => Explain(known),
            DetailTab.Items => Items(known.Job, now, offset),
            _ => Command(known.Job, width),
        };

    /// <summary>The number of nodes with room for a queued job now; empty: not queued, or no
    /// nodes.</summary>
    public static string Fits(ExplainReply? explained)
    {
        if (explained is not { Status: Status.Queued, Nodes.Count: > 0 })
            return "";
        var fit = explained.Nodes.Count(verdict => verdict.FitsNow);
        return explained.Nodes.Count == 1
            ? fit == 1
                ? "The only node can run it now."
                : "The only node cannot run it now."
            : $"{fit} of {explained.Nodes.Count} nodes can run it now.";
    }

    private static List<DetailRow> Items(JobDetail job, long now, TimeSpan offset) =>
        [
            .. JobFacts
                .Of(job, now, offset)
                .Select(fact => new DetailRow(
                    fact.Name,
                    fact.Value,
                    fact.IsAbsent ? RowKind.Absent : RowKind.Plain,
                    Copied: fact.Value
                )),
        ];

    private static List<DetailRow> Table(FactTable table)
    {
        if (table.Rows.Count == 0)
            return table.Empty.Length > 0 ? [new("", table.Empty, RowKind.Absent)] : [];
        var lines = table.Lines();
        var rows = new List<DetailRow> { new("", lines[0], RowKind.Heading) };
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var row = table.Rows[i];
            var kind = row.IsError ? RowKind.Error : RowKind.Plain;
            var copied = row.Copied.Length > 0 ? row.Copied : lines[i + 1];
            rows.Add(new("", lines[i + 1], kind, row.Jid, copied));
        }
        return rows;
    }

    private static List<DetailRow> Explain(KnownJob known)
    {
        if (known.Explained is not { } reply)
            return [new("", "Loading…", RowKind.Absent)];
        var rows = new List<DetailRow>
        {
            new(
                "",
                $"The job is {StatusNames.Of(reply.Status)}: {reply.Summary}",
                Copied: reply.Summary
            ),
        };
        if (Fits(reply) is { Length: > 0 } fits)
            rows.Add(new("", fits));
        if (reply.Ahead > 0)
            rows.Add(new("", $"{reply.Ahead} queued jobs are ahead of it."));
        rows.AddRange(Table(JobTables.Verdicts(reply)));
        foreach (var run in reply.Dependencies)
        {
            var last = run.First + run.Count - 1;
            var jobs = run.Count == 1 ? $"{run.First}" : $"{run.First}-{last}";
            rows.Add(
                new("depends on", $"{jobs}  {StatusNames.Of(run.Status)}", Jid: new Jid(run.First))
            );
        }
        return rows;
    }

    // The command that submits the same job, wrapped.
    private static List<DetailRow> Command(JobDetail job, int width)
    {
        if (job.Spec is null)
            return [new("", "Not loaded yet.", RowKind.Absent)];
        var line = SubmitCommandLine.Of(job);
        var rows = new List<DetailRow>();
        foreach (var (start, length) in Output.LogRows.Wrap(line, Math.Max(1, width)))
            rows.Add(new("", line.Substring(start, length), Copied: line));
        if (job.Spec.Data.Count > 0 || job.Spec.HasStdin)
            rows.Add(new("", "Files sent along are not kept; name them again.", RowKind.Absent));
        return rows;
    }
}
