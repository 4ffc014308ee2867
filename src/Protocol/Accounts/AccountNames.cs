namespace JobCloud.Protocol.Accounts;

/// <summary>Names of accounts of a machine.</summary>
public static class AccountNames
{
    /// <summary>The account that may do everything on its machine.</summary>
    public const string Root = "root";

    /// <summary>The valid names, for error messages.</summary>
    public const string Form =
        "1 to 64 letters, digits, '-', '_', '.', '@' or '$', not first '-', and not root";

    private const int LengthMax = 64;

    /// <summary>Whether the name can be one of an account that jobs run as without the word of the
    /// kernel.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= LengthMax
        && name != Root
        && name[0] != '-'
        && name.All(static c =>
            char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or '$'
        );
}
