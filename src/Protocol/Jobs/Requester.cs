using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Jobs;

/// <summary>The author of a request to a segment. Users see and change their own jobs, admins all
/// jobs. A job whose owner is erased has nothing to hide.</summary>
public sealed record Requester(string User, bool Admin)
{
    public bool MayUse(Job job) =>
        job.Slice.IsErased || AccessRules.MayUse(User, Admin, job.Slice.Owner);
}
