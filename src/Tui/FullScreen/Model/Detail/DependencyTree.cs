using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Tui.FullScreen.Model.Detail;

/// <summary>What is known of the jobs that a job depends on and of those that need it.</summary>
/// <param name="Jobs">Their details, by jid.</param>
internal sealed record Relatives(
    IReadOnlyDictionary<long, JobDetail> Jobs,
    IReadOnlyList<StatusRun> Statuses
)
{
    public static Relatives None { get; } = new(new Dictionary<long, JobDetail>(), []);
}

/// <summary>The jobs that a job depends on, and that these depend on, and so on; and likewise those
/// that need it.</summary>
internal sealed class DependencyTree
{
    /// <summary>The number of rows, at most.</summary>
    public const int MaxRows = 200;

    // A longer range is one row.
    private const int MaxSingles = 8;

    private readonly Relatives _relatives;
    private readonly List<DetailRow> _rows = [];
    private readonly List<JidRange> _shown = [];
    private readonly HashSet<long> _seen = [];

    private DependencyTree(JobDetail job, Relatives relatives)
    {
        _relatives = relatives;
        Add("depends on", job, DependsOn);
        Add("needed by", job, NeededBy);
        if (_rows.Count == 0)
            _rows.Add(new("", "The job has no dependencies and no dependents.", RowKind.Absent));
    }

    public IReadOnlyList<DetailRow> Rows => _rows;

    /// <summary>The jobs shown, whose statuses change.</summary>
    public IReadOnlyList<JidRange> Shown => _shown;

    /// <summary>A job whose details are missing; null: the tree is whole.</summary>
    public long? Missing { get; private set; }

    public static DependencyTree Of(JobDetail job, Relatives relatives) => new(job, relatives);

    private static IEnumerable<JidRange> DependsOn(JobDetail job) => job.Spec?.DependsOn ?? [];

    private static IEnumerable<JidRange> NeededBy(JobDetail job) =>
        job.Dependents.Select(first => JidRanges.Range(first, first));

    private void Add(string title, JobDetail job, Func<JobDetail, IEnumerable<JidRange>> next)
    {
        var jobs = Split(next(job)).ToList();
        if (jobs.Count == 0)
            return;
        _rows.Add(new("", title, RowKind.Heading));
        _seen.Clear();
        _seen.Add(job.Jid);
        Add(jobs, "", next);
    }

    private void Add(
        List<JidRange> jobs,
        string indent,
        Func<JobDetail, IEnumerable<JidRange>> next
    )
    {
        for (var i = 0; i < jobs.Count; i++)
        {
            if (_rows.Count >= MaxRows)
            {
                if (_rows[^1].Kind != RowKind.Absent)
                    _rows.Add(new("", "more are not shown", RowKind.Absent));
                return;
            }
            var isLast = i == jobs.Count - 1;
            var isNew = jobs[i].First != jobs[i].Last || _seen.Add(jobs[i].First);
            Add(jobs[i], $"{indent}{(isLast ? "└" : "├")}─ ", isNew);
            if (!isNew || jobs[i].First != jobs[i].Last)
                continue;
            if (_relatives.Jobs.TryGetValue(jobs[i].First, out var known))
                Add([.. Split(next(known))], $"{indent}{(isLast ? " " : "│")}  ", next);
            else
                Missing ??= jobs[i].First;
        }
    }

    private void Add(JidRange jobs, string lines, bool isNew)
    {
        _shown.Add(jobs);
        var status = StatusOf(jobs);
        var text = $"{lines}{JidNotation.Print(jobs)}";
        if (status != Status.Unspecified)
            text += $"  {StatusNames.Of(status)}";
        if (!isNew)
            text += "  (see above)";
        else if (_relatives.Jobs.GetValueOrDefault(jobs.First) is { Command.Length: > 0 } job)
            text += $"  {job.Command.Replace('\n', ' ')}";
        _rows.Add(
            new(
                "",
                text,
                status.IsBad() ? RowKind.Error : RowKind.Plain,
                new Jid(jobs.First),
                JidNotation.Print(jobs)
            )
        );
    }

    // Of several jobs, the status of the one that holds up the others most.
    private Status StatusOf(JidRange jobs)
    {
        var statuses = _relatives
            .Statuses.Where(run => run.First <= jobs.Last && run.First + run.Count > jobs.First)
            .Select(run => run.Status)
            .ToList();
        return statuses.Count == 0
            ? _relatives.Jobs.GetValueOrDefault(jobs.First)?.Status ?? Status.Unspecified
            : statuses.MaxBy(status =>
                status.IsBad() ? 2
                : status == Status.Done ? 0
                : 1
            );
    }

    private static IEnumerable<JidRange> Split(IEnumerable<JidRange> ranges)
    {
        foreach (var range in ranges)
            if (range.Last - range.First >= MaxSingles)
                yield return range;
            else
                for (var jid = range.First; jid <= range.Last; jid++)
                    yield return JidRanges.Range(jid, jid);
    }
}
