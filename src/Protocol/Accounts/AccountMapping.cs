using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Accounts;

/// <summary>Decides which account of the machines the jobs of a user run as.</summary>
public sealed class AccountMapping
{
    private readonly IReadOnlyDictionary<string, string> _accounts;

    private AccountMapping(IReadOnlyDictionary<string, string> accounts) => _accounts = accounts;

    /// <summary>Each user has the account of the same name.</summary>
    public static AccountMapping None { get; } = new(new Dictionary<string, string>());

    /// <summary>Parses items of the form <c>USER=ACCOUNT</c>.</summary>
    public static Parsed<AccountMapping> Parse(IEnumerable<string> items)
    {
        var accounts = new Dictionary<string, string>();
        foreach (var item in items)
        {
            var at = item.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                return new TextError(0, item.Length, $"\"{item}\" names no user and account");
            var (user, account) = (item[..at].Trim(), item[(at + 1)..].Trim());
            if (!AccountNames.IsValid(account))
                return new TextError(
                    at + 1,
                    account.Length,
                    $"the account of {user} must be {AccountNames.Form}"
                );
            if (!accounts.TryAdd(user, account))
                return new TextError(0, at, $"user {user} has two accounts");
        }
        return new AccountMapping(accounts);
    }

    /// <summary>The account of a user's jobs, or why there is none.</summary>
    /// <param name="proven">The account that the kernel or an access token names; empty:
    /// neither.</param>
    public Parsed<string> AccountOf(string user, string proven)
    {
        if (proven.Length > 0)
            return proven;
        if (_accounts.TryGetValue(user, out var account))
            return account;
        return user != AccountNames.Root
            ? user
            : new TextError(
                0,
                user.Length,
                "Jobs run as root only if root submits them through the socket of a node: create "
                    + "the access token with --run-as ACCOUNT, or name the account of user root "
                    + "in jobcloud.gateway.accounts."
            );
    }
}
