using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Info;

/// <summary>The reason why a job has no profile, as known to its segment.</summary>
public static class ProfileAbsence
{
    /// <summary>A short sentence without a full stop; null: it has one, or only its node can
    /// tell.</summary>
    public static string? Of(JobDetail job) =>
        job switch
        {
            { Spec: not { Profile: true } } => "it was submitted without --profile",
            { Exit: null } => "it is created when the job ends",
            { Exit.ProfileTrouble: { Length: > 0 } trouble } => trouble,
            { Exit.NotStarted.Length: > 0 } => "it never started",
            { Exit.ProfileBytes: 0 } => "it ended without one",
            _ => null,
        };
}
