using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>Views of a job for users.</summary>
public static class JobViews
{
    /// <summary>A job's details as known to its segment, without contents of files.</summary>
    public static JobDetail Detail(Job job)
    {
        if (job.Phase is JobPhase.Deleted deleted)
            return Detail(job, deleted);
        var slice = job.Slice;
        var detail = new JobDetail
        {
            Jid = job.Jid,
            Status = job.Status,
            Reason = ReasonOf(job.Phase),
            Owner = slice.Owner,
            MapFirst = slice.Submitted.IsMap ? slice.SubmissionFirst : 0,
            MapLast = slice.Submitted.IsMap ? slice.Submitted.SubmissionLast : 0,
            Attempt = job.Attempt,
            Created = slice.Created,
            Queued = job.Queued,
            Retries = job.Retries,
            Restarts = job.Restarts,
            Version = job.Version,
            Attempts = { job.Past },
        };
        detail.Spec = WithoutFiles(slice.Spec);
        detail.Spec.Priority = job.Priority;
        detail.Command = CommandOf(job);
        detail.Parameters.Add(ParametersOf(job));
        AddRun(detail, job.Phase);
        return detail;
    }

    /// <summary>What is kept of a deleted job.</summary>
    private static JobDetail Detail(Job job, JobPhase.Deleted deleted) =>
        new()
        {
            Jid = job.Jid,
            Status = job.Status,
            Created = job.Slice.Created,
            Started = deleted.Started,
            Finished = deleted.Finished,
            Deleted = true,
            Removal = deleted.How,
            Remover = deleted.By,
            Version = job.Version,
        };

    /// <summary>The command shown for jobs of exec-shell.</summary>
    public const string Shell = "(shell)";

    /// <summary>A job's details, with its dependents.</summary>
    public static JobDetail Detail(Job job, Segment segment)
    {
        var detail = Detail(job);
        if (!job.IsDeleted)
            detail.Dependents.Add(segment.DependentsOf(job.Jid));
        return detail;
    }

    /// <summary>What a row of a list has of a job. Shares the spec with the job.</summary>
    public static JobDetail ForRow(Job job, string command)
    {
        var slice = job.Slice;
        var detail = new JobDetail
        {
            Jid = job.Jid,
            Status = job.Status,
            Reason = ReasonOf(job.Phase),
            Owner = slice.Owner,
            Attempt = job.Attempt,
            Created = slice.Created,
            Spec = slice.Spec,
            Command = command,
        };
        if (job.Priority != slice.Spec.Priority)
        {
            detail.Spec = slice.Spec.Clone();
            detail.Spec.Priority = job.Priority;
        }
        AddRun(detail, job.Phase);
        return detail;
    }

    /// <summary>The command line as run, with parameters filled in.</summary>
    public static string CommandOf(Job job) =>
        CommandOf(
            job,
            spec => CommandTemplate.Parse(spec) is { Ok: true, Value: var t } ? t : null
        );

    /// <param name="templateOf">The template of a spec; null: its command is not one.</param>
    public static string CommandOf(Job job, Func<JobSpec, CommandTemplate?> templateOf)
    {
        var spec = job.Slice.Spec;
        if (spec.ShellJob is not null)
            return Shell;
        var values = new Dictionary<string, string>();
        foreach (var parameter in ParametersOf(job))
            values[parameter.Name] = parameter.Value;
        return values.Count > 0 && templateOf(spec) is { } command
            ? command.ToShow(values.GetValueOrDefault)
            : spec.Command;
    }

    /// <summary>The parameters of a job as filled in, without the contents of files.</summary>
    private static IEnumerable<Parameter> ParametersOf(Job job)
    {
        var slice = job.Slice;
        var columns = slice.Submitted.Columns;
        var own = MapColumns.Parameters(columns, (int)(job.Jid - slice.First));
        return slice
            .Spec.Data.Concat(own)
            .Select(parameter => new Parameter { Name = parameter.Name, Value = parameter.Value });
    }

    private static void AddRun(JobDetail detail, JobPhase phase)
    {
        switch (phase)
        {
            case JobPhase.Assigned a:
                detail.Node = a.Node;
                break;
            case JobPhase.Processing p:
                (detail.Node, detail.Started) = (p.Node, p.Started);
                detail.Outlives = p.Outlives;
                break;
            case JobPhase.Ended e:
                detail.Finished = e.Finished;
                if (e.Last is not { } last)
                    break;
                (detail.Node, detail.Started) = (last.Node, last.Started);
                (detail.Exit, detail.Usage) = (last.Exit, last.Usage);
                break;
        }
    }

    public static Reason? ReasonOf(JobPhase phase) =>
        phase switch
        {
            JobPhase.Queued q => q.Reason,
            JobPhase.Assigned a => a.Kill?.Reason ?? a.Before.Reason,
            JobPhase.Processing p => p.Kill?.Reason,
            JobPhase.Ended e => e.Reason,
            _ => null,
        };

    /// <summary>A spec without the contents of files.</summary>
    public static JobSpec WithoutFiles(JobSpec spec)
    {
        var shown = spec.Clone();
        foreach (var parameter in shown.Data)
        {
            parameter.ClearFile();
            parameter.Blob = null;
        }
        shown.ClearStdin();
        shown.StdinBlob = null;
        return shown;
    }
}
