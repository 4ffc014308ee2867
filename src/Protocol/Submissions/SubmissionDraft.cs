using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>The kind of a submission.</summary>
public enum SubmissionKind
{
    /// <summary>One job: <c>exec</c>.</summary>
    Job,

    /// <summary>Several jobs: <c>mapexec</c>.</summary>
    Map,

    /// <summary>A job for its terminals: <c>exec-shell</c>.</summary>
    Shell,
}

/// <summary>Requests under construction. Until it is finished, the <c>count</c> of a map is its
/// number of copies.</summary>
public static class SubmissionDraft
{
    private const int DefaultPriority = 5;

    // High, because a user waits for the shell.
    private const int ShellPriority = 1;
    private const string ShellLabel = "exec-shell";

    /// <summary>An empty request: every attribute has its default.</summary>
    public static SubmitRequest New(SubmissionKind kind)
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Priority = DefaultPriority },
            Count = 1,
            IsMap = kind == SubmissionKind.Map,
        };
        if (kind == SubmissionKind.Shell)
        {
            request.Spec.ShellJob = new ShellJob();
            request.Spec.NotRestartable = true;
            (request.Spec.Priority, request.Spec.Label) = (ShellPriority, ShellLabel);
        }
        return request;
    }

    public static SubmissionKind KindOf(SubmitRequest request) =>
        request.Spec?.ShellJob is not null ? SubmissionKind.Shell
        : request.IsMap ? SubmissionKind.Map
        : SubmissionKind.Job;

    /// <summary>Finishes a request for sending; counts the elements of a map.</summary>
    /// <param name="called">An attribute's name in the client's style.</param>
    public static Parsed<SubmitRequest> Finish(
        SubmitRequest request,
        Func<JobAttribute, string> called
    )
    {
        if (!request.IsMap)
            return request;
        if (request.Columns.Count == 0 && request.Count == 1)
            return new TextError(0, 0, ElementAttributes.Missing(called));
        var plan = MapPlan.Zip(request.Columns, request.Count);
        if (!plan.Ok)
            return plan.Error;
        request.Count = plan.Value.Count;
        for (var i = request.Columns.Count - 1; i >= 0; i--)
        {
            if (IsOnlyCounted(request.Columns[i], request.Spec))
                request.Columns.RemoveAt(i);
        }
        return request;
    }

    /// <summary>Whether a column only determines the number of jobs: a range without a name that
    /// the command does not use.</summary>
    private static bool IsOnlyCounted(MapColumn column, JobSpec spec) =>
        column is { Name: MapSources.RangeParameter, Sequence: not null }
        && CommandTemplate.Parse(spec) is { Ok: true, Value: var template }
        && !template.Parameters.Contains(column.Name);
}
