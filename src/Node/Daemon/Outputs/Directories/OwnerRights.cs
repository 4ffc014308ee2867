using System.Runtime.InteropServices;

namespace JobCloud.Node.Daemon.Outputs.Directories;

/// <summary>While held, file accesses of the calling thread have the rights of an account, if this
/// node is root's. Only the ids for file accesses change, so the account cannot signal the thread;
/// nothing else may be awaited or started meanwhile.</summary>
internal readonly unsafe ref partial struct OwnerRights : IDisposable
{
    private const uint Root = 0;
    private const uint NoChange = uint.MaxValue;

    private static readonly bool IsRoot = EffectiveUser() == Root;
    private static readonly uint Group = EffectiveGroup();
    private static readonly uint[] Groups = OwnGroups();

    private static readonly int SetGroups =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 159 : 116;

    private readonly bool _isOther;

    /// <exception cref="UnauthorizedAccessException">This process may not act for the
    /// account.</exception>
    public OwnerRights(FileOwnership owner)
    {
        _isOther = IsRoot && owner.User != Root;
        if (!_isOther)
            return;
        var done = SetThreadGroups([]);
        _ = SetFileGroup(owner.Group);
        _ = SetFileUser(owner.User);
        // These report no errors: an invalid id changes nothing and returns the current one.
        if (
            done
            && (uint)SetFileUser(NoChange) == owner.User
            && (uint)SetFileGroup(NoChange) == owner.Group
        )
            return;
        Leave();
        throw new UnauthorizedAccessException();
    }

    public void Dispose()
    {
        if (_isOther)
            Leave();
    }

    private static void Leave()
    {
        _ = SetFileUser(Root);
        _ = SetFileGroup(Group);
        _ = SetThreadGroups(Groups);
    }

    private static uint[] OwnGroups()
    {
        var groups = new uint[Math.Max(0, GetGroups(0, null))];
        fixed (uint* start = groups)
            _ = GetGroups(groups.Length, start);
        return groups;
    }

    // The C library's function sets the groups of all threads.
    private static bool SetThreadGroups(uint[] groups)
    {
        fixed (uint* start = groups)
            return Call(SetGroups, groups.Length, start) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial int SetFileGroup(uint group);

    [LibraryImport("libc", EntryPoint = "getgroups")]
    private static partial int GetGroups(int size, uint* groups);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Call(long number, nint size, uint* groups);
}
