using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Info;

/// <summary>Why a job has no profile, as far as its segment knows.</summary>
public static class ProfileAbsence
{
    /// <summary>A short sentence without its stop; null: there is one, or only its node
    /// knows.</summary>
    public static string? Of(JobDetail job) =>
        job switch
        {
            { Spec: not { Profile: true } } => "it was submitted without --profile",
            { Exit: null } => "it is made when the job ends",
            { Exit.ProfileTrouble: { Length: > 0 } trouble } => trouble,
            { Exit.NotStarted.Length: > 0 } => "it was not started",
            { Exit.ProfileBytes: 0 } => "it ended without one",
            _ => null,
        };
}
