using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Accounts;

/// <summary>Decides which account a node starts a job as (<c>jobcloud.executor.run-as</c>). Reasons
/// are sentences without their full stop.</summary>
public static class RunAs
{
    /// <summary>The value of the setting with which each job runs as its owner's account.</summary>
    public const string Owner = "owner";

    /// <summary>Sets the setting; false: invalid.</summary>
    public static bool TryPut(ExecutorLimits limits, string text)
    {
        limits.RunAs = text;
        return AccountNames.IsValid(text);
    }

    /// <summary>The name of the account to run a job as.</summary>
    /// <param name="account">The account of the job; empty: the node's own.</param>
    /// <param name="setting">The setting; empty: not known yet.</param>
    public static string Choose(string account, string setting) =>
        setting is "" or Owner ? account : setting;

    /// <summary>Why a node that is not root's cannot run a job as this account; null: it
    /// can.</summary>
    /// <param name="chosen">The result of <see cref="Choose"/>.</param>
    /// <param name="own">The account of the node.</param>
    public static string? ReasonAgainst(string chosen, string own, string setting, string node) =>
        chosen.Length == 0 || chosen == own ? null
        : setting is "" or Owner
            ? $"node {node} runs as {own} and so runs only the jobs of {own}, not of {chosen}; "
                + $"with jobcloud.executor.run-as = {own} all users' jobs share that account"
        : $"node {node} runs as {own} and cannot start jobs as {chosen} (jobcloud.executor.run-as)";

    /// <summary>A note for the creator of an access token whose jobs cannot start on this node;
    /// empty: they can.</summary>
    /// <param name="account">The account of its jobs, or why it has none.</param>
    /// <param name="exists">Whether this machine has an account of that name.</param>
    public static string NoteOn(
        Text.Parsed<string> account,
        string own,
        string setting,
        string node,
        Func<string, bool> exists
    )
    {
        if (!account.Ok)
            return account.Error.Message;
        var chosen = Choose(account.Value, setting);
        if (own != AccountNames.Root)
            return ReasonAgainst(chosen, own, setting, node) is { } reason
                ? $"Its jobs will not start here: {reason}."
                : "";
        return exists(chosen)
            ? ""
            : $"Node {node} has no account {chosen}, so jobs of this token cannot start there: "
                + "create the account, or the token with --run-as ACCOUNT.";
    }
}
