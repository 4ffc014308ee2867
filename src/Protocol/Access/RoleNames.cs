namespace JobCloud.Protocol.Access;

/// <summary>Names of roles, as users read and write them.</summary>
public static class RoleNames
{
    public static IReadOnlyList<string> All { get; } =
    [Of(Role.ReadOnly), Of(Role.User), Of(Role.Admin)];

    public static string Of(Role role) =>
        role switch
        {
            Role.ReadOnly => "read-only",
            Role.User => "user",
            Role.Admin => "admin",
            _ => "none",
        };

    /// <summary>The role with this name; unspecified: none.</summary>
    public static Role Parse(string word) =>
        word switch
        {
            "read-only" => Role.ReadOnly,
            "user" => Role.User,
            "admin" => Role.Admin,
            _ => Role.Unspecified,
        };

    /// <summary>The users with at least this role, as the subject of a sentence.</summary>
    internal static string Subject(Role least) =>
        least switch
        {
            Role.Admin => "only an admin",
            Role.User => "only a user or an admin",
            _ => "only users with a role",
        };
}
