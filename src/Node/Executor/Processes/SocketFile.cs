namespace JobCloud.Node.Executor.Processes;

/// <summary>The file of a bound unix socket, which others may remove.</summary>
internal readonly record struct SocketFile(string Path, long Inode)
{
    /// <summary>The file at this path now.</summary>
    public static SocketFile Of(string path) =>
        new(path, Libc.TryStat(path, followLink: false, out var status) ? status.Inode : 0);

    public bool IsInPlace => Of(Path) == this;
}
