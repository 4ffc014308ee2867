using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Submissions;

/// <summary>What is submitted.</summary>
public enum SubmissionKind
{
    /// <summary>One job: <c>exec</c>.</summary>
    Job,

    /// <summary>Several jobs: <c>mapexec</c>.</summary>
    Map,

    /// <summary>A job for its terminals: <c>exec-shell</c>.</summary>
    Shell,
}

/// <summary>Requests while attributes are put into them. Until it is finished, a map's copies stand
/// in <c>count</c>.</summary>
public static class SubmissionDraft
{
    private const int DefaultPriority = 5;

    // As the original had it: somebody sits and waits.
    private const int ShellPriority = 1;
    private const string ShellLabel = "exec-shell";

    /// <summary>A request that says nothing yet: every attribute is at its default.</summary>
    public static SubmitRequest New(SubmissionKind kind)
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Cores = 1, Priority = DefaultPriority },
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

    /// <summary>The request to send, once all is put in: of a map, the elements are
    /// counted.</summary>
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
            if (IsOnlyCounted(request.Columns[i], request.Spec.Command))
                request.Columns.RemoveAt(i);
        }
        return request;
    }

    /// <summary>A range without a name only counts where the command does not use it.</summary>
    private static bool IsOnlyCounted(MapColumn column, string command) =>
        column is { Name: MapSources.RangeParameter, Sequence: not null }
        && Template.Parse(command) is { Ok: true, Value: var template }
        && !template.Parameters.Contains(column.Name);
}
