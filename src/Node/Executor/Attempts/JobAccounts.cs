using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds the account that an attempt runs as. Used only on the event-loop
/// thread.</summary>
internal sealed class JobAccounts(HomePaths home, ExecutorLimits limits)
{
    /// <summary>Time that an account is remembered, so that changes of its groups reach new jobs
    /// soon.</summary>
    private const long KnownMs = 10_000;
    private const int KnownMax = 1_000;
    private const uint Root = 0;

    private readonly uint _self = Libc.geteuid();
    private readonly string _own = Libc.NameOf(Libc.geteuid());
    private readonly Dictionary<string, (Account Account, long Until)> _known = [];

    /// <summary>Finds the account of an attempt. Returns null on success, otherwise the reason as a
    /// sentence without its full stop.</summary>
    /// <param name="account">Null: the executor's own.</param>
    public string? Find(StartProcess order, long now, out Account? account)
    {
        account = null;
        var name = RunAs.Choose(order.Account, limits.RunAs);
        if (_self != Root)
            return RunAs.ReasonAgainst(name, _own, limits.RunAs, NodeOf(order));
        if (name is "" or AccountNames.Root)
            return null;
        account = Lookup(name, now);
        return account is null ? $"no account {name} on node {NodeOf(order)}"
            : account.User == Root
                ? $"account {name} is another name of root on node {NodeOf(order)}, and only jobs "
                    + "that root submits through a node's socket run as root"
            : ReasonAgainst(account, order);
    }

    private string? ReasonAgainst(Account account, StartProcess order)
    {
        if (!FileRights.AreGranted(account))
            return $"node {NodeOf(order)} has no permission to act for account {account.Name} (setgroups(2))";
        using var rights = new FileRights(account);
        return Libc.MayAccess($"{home.Attempts}/.", Libc.X_OK)
            ? null
            : $"account {account.Name} cannot enter {home.Home} on node {NodeOf(order)}; move the "
                + "home with JOBCLOUD_HOME, for example to /var/lib/jobcloud";
    }

    private Account? Lookup(string name, long now)
    {
        if (_known.TryGetValue(name, out var known) && now < known.Until)
            return known.Account;
        if (_known.Count >= KnownMax)
            _known.Clear();
        var account = Libc.AccountOf(name);
        if (account is not null)
            _known[name] = (account, now + KnownMs);
        return account;
    }

    public static string NodeOf(StartProcess order) =>
        order.Environment.FirstOrDefault(v => v.Name == "JOBCLOUD_NODE")?.Value ?? "";
}
