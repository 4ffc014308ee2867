using JobCloud.Protocol.Api;
using JobCloud.Protocol.Logs;

namespace JobCloud.Protocol.Info;

/// <summary>The reason why a job shows no exception, as known to its segment.</summary>
public static class ExceptionAbsence
{
    /// <summary>A short sentence without a full stop; null: it has one, or only its node can
    /// tell.</summary>
    public static string? Of(JobDetail job) =>
        job switch
        {
            { Exit: null } or { Exit.NotStarted.Length: > 0 } => InfoAbsence.OfEnd(job).Why,
            // A pool of Python processes ends its workers with SIGTERM, which leaves tracebacks.
            { Exit: { Code: 0, Signal: 0 } } => "no exception ended it",
            { Exit.ExceptionBytes: > 0 } => null,
            _ when PythonCommand.IgnoresVariables(job.Spec?.Command ?? "") =>
                "Python was started with -I or -E, so it wrote no traceback for JobCloud",
            _ => "its command is not Python, or Python wrote no traceback",
        };
}
