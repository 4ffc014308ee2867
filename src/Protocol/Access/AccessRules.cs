using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Access;

/// <summary>Decides access: by role for each call, by owner for each job.</summary>
public static class AccessRules
{
    /// <summary>Decides whether a role may make a call.</summary>
    /// <returns>The refusal; null: it may.</returns>
    public static Refusal? Check(Call call, Role role) =>
        role >= call.MinimumRole
            ? null
            : Refusals.Of(
                RefusalCode.NotAllowed,
                $"You have the role {RoleNames.Of(role)}; {RoleNames.Subject(call.MinimumRole)} may {call.Action}."
            );

    /// <summary>Whether a user may see or change the jobs of an owner, if their role allows the
    /// call.</summary>
    public static bool MayUse(string user, bool admin, string owner) => admin || user == owner;

    /// <summary>The complete decision for a call on the jobs of one owner.</summary>
    public static bool Allows(Call call, Role role, string user, string owner) =>
        Check(call, role) is null && MayUse(user, role == Role.Admin, owner);
}
