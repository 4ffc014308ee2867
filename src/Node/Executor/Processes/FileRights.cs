namespace JobCloud.Node.Executor.Processes;

/// <summary>While held, file accesses of the calling thread have the rights of an account, and no
/// more. Only the ids for file accesses change: the account cannot signal the thread, and calls
/// other than to the C library must wait, because a thread started meanwhile keeps the
/// rights.</summary>
internal readonly ref struct FileRights : IDisposable
{
    private static readonly uint User = Libc.geteuid();
    private static readonly uint Group = Libc.getegid();
    private static readonly uint[] Groups = Libc.OwnGroups();

    private readonly bool _isOther;

    /// <param name="account">Null: the executor's own account.</param>
    /// <exception cref="UnauthorizedAccessException">This process may not act for the
    /// account.</exception>
    public FileRights(Account? account)
    {
        _isOther = account is not null;
        if (account is null)
            return;
        var done = Libc.SetThreadGroups(account.Groups);
        _ = Libc.setfsgid(account.Group);
        _ = Libc.setfsuid(account.User);
        // These two report no errors: an invalid id changes nothing and returns the current one.
        if (
            done
            && (uint)Libc.setfsuid(Libc.NoChange) == account.User
            && (uint)Libc.setfsgid(Libc.NoChange) == account.Group
        )
            return;
        Leave();
        throw new UnauthorizedAccessException();
    }

    /// <summary>Whether this process may act for an account.</summary>
    public static bool AreGranted(Account account)
    {
        try
        {
            using var rights = new FileRights(account);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (_isOther)
            Leave();
    }

    private static void Leave()
    {
        _ = Libc.setfsuid(User);
        _ = Libc.setfsgid(Group);
        _ = Libc.SetThreadGroups(Groups);
    }
}
