using JobCloud.Protocol.Access;

namespace JobCloud.Protocol.Jobs;

/// <summary>The author of a request to a segment. Users see and change their own jobs, admins all
/// jobs.</summary>
public sealed record Requester(string User, bool Admin)
{
    public bool MayUse(Job job) => AccessRules.MayUse(User, Admin, job.Slice.Owner);
}
