using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Jobs;

/// <summary>Who asks a segment: a user sees and changes their own jobs, an admin
/// everybody's.</summary>
public sealed record Asker(string User, bool Admin)
{
    public bool MayUse(Job job) => AccessRules.MayUse(User, Admin, job.Submission.Owner);
}
