namespace JobCloud.Protocol.Access;

/// <summary>Roles as people write and read them.</summary>
public static class RoleWords
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

    /// <summary>The role of a word; unspecified: there is none.</summary>
    public static Role Parse(string word) =>
        word switch
        {
            "read-only" => Role.ReadOnly,
            "user" => Role.User,
            "admin" => Role.Admin,
            _ => Role.Unspecified,
        };

    /// <summary>Who has at least this role.</summary>
    internal static string Who(Role least) =>
        least switch
        {
            Role.Admin => "only an admin",
            Role.User => "only a user or an admin",
            _ => "only somebody with a role",
        };
}
