using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Access;

/// <summary>THE decision who may do what: by role for each request, by owner for each job.</summary>
public static class AccessRules
{
    /// <summary>Whether somebody may ask this at all.</summary>
    /// <returns>Why not; null: they may.</returns>
    public static Refusal? Judge(RequestKind kind, Role role) =>
        role >= LeastFor(kind)
            ? null
            : Refusals.Of(
                RefusalCode.NotAllowed,
                0,
                $"You have the role {RoleWords.Of(role)}; {RoleWords.Who(LeastFor(kind))} may {WordsFor(kind)}."
            );

    /// <summary>Whether somebody may see or change this user's jobs, where their role lets them ask.</summary>
    public static bool MayUse(string user, bool admin, string owner) => admin || user == owner;

    /// <summary>The whole decision for a request about one user's jobs.</summary>
    public static bool Allows(RequestKind kind, Role role, string user, string owner) =>
        Judge(kind, role) is null && MayUse(user, role == Role.Admin, owner);

    public static Role LeastFor(RequestKind kind) =>
        kind switch
        {
            RequestKind.Status
            or RequestKind.Await
            or RequestKind.Info
            or RequestKind.Output
            or RequestKind.Events
            or RequestKind.Explain
            or RequestKind.List
            or RequestKind.Nodes
            or RequestKind.NodeStatus
            or RequestKind.Definitions
            or RequestKind.Ticket => Role.ReadOnly,
            RequestKind.Submit
            or RequestKind.Kill
            or RequestKind.Delete
            or RequestKind.Retry
            or RequestKind.Prioritize
            or RequestKind.Terminal
            or RequestKind.Define
            or RequestKind.Undefine => Role.User,
            _ => Role.Admin,
        };

    private static string WordsFor(RequestKind kind) =>
        kind switch
        {
            RequestKind.Submit => "submit jobs",
            RequestKind.Kill => "kill jobs",
            RequestKind.Delete => "delete jobs",
            RequestKind.Retry => "retry jobs",
            RequestKind.Prioritize => "change priorities",
            RequestKind.Terminal => "enter jobs",
            RequestKind.Define => "create environments and volumes",
            RequestKind.Undefine => "delete environments and volumes",
            RequestKind.Drain => "drain nodes",
            RequestKind.Config => "see the settings",
            RequestKind.Tokens => "list tokens",
            RequestKind.CreateToken => "create tokens",
            RequestKind.RevokeToken => "revoke tokens",
            _ => "see jobs",
        };
}
