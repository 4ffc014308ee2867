namespace JobCloud.Protocol.Homes;

/// <summary>Decides whether others could change what a node reads, as sshd does for its
/// keys.</summary>
public static class OwnerOnly
{
    private const int GroupWrite = 0x10,
        OthersWrite = 0x2,
        Sticky = 0x200,
        Permissions = 0x1ff;

    /// <summary>Returns null, or the problem as a sentence without a full stop.</summary>
    /// <param name="mode">The mode, as stat(2) reports it.</param>
    /// <param name="owner">The user ID of the file's owner.</param>
    /// <param name="self">The user ID of the node.</param>
    /// <param name="mayBeShared">Whether others may add files in the directory if they cannot
    /// replace those of others (/tmp).</param>
    public static string? ErrorOf(
        string path,
        int mode,
        uint owner,
        uint self,
        bool mayBeShared = false
    )
    {
        if (owner != self && owner != 0)
            return $"{path} belongs to the account {owner}, who can change it: run chown {self} {path}";
        var isSafe =
            (mode & (GroupWrite | OthersWrite)) == 0 || mayBeShared && (mode & Sticky) != 0;
        return isSafe
            ? null
            : $"others can change {path} (mode {Convert.ToString(mode & Permissions, 8)}): run "
                + $"chmod go-w {path}";
    }
}
