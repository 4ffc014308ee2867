using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Access;

/// <summary>THE decision who may do what: by role for each call, by owner for each job.</summary>
public static class AccessRules
{
    /// <summary>Whether somebody may make a call at all.</summary>
    /// <returns>Why not; null: they may.</returns>
    public static Refusal? Judge(Call call, Role role) =>
        role >= call.Least
            ? null
            : Refusals.Of(
                RefusalCode.NotAllowed,
                0,
                $"You have the role {RoleWords.Of(role)}; {RoleWords.Who(call.Least)} may {call.Words}."
            );

    /// <summary>Whether somebody may see or change this user's jobs, where their role lets them
    /// ask.</summary>
    public static bool MayUse(string user, bool admin, string owner) => admin || user == owner;

    /// <summary>The whole decision for a call about one user's jobs.</summary>
    public static bool Allows(Call call, Role role, string user, string owner) =>
        Judge(call, role) is null && MayUse(user, role == Role.Admin, owner);
}
