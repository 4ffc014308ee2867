namespace JobCloud.Protocol.Sandboxes;

/// <summary>The kind of file at a path.</summary>
public enum PathEntryKind
{
    None,
    Directory,
    Link,
    Other,
}

/// <summary>The file at a path.</summary>
/// <param name="Kind">Its kind, without following links.</param>
/// <param name="MayWrite">Whether entries can be created in a directory.</param>
/// <param name="Target">The target of a link.</param>
public readonly record struct PathEntry(
    PathEntryKind Kind,
    bool MayWrite = false,
    string Target = ""
);

/// <summary>Access to the kinds of files on a machine.</summary>
public interface IPathEntries
{
    PathEntry At(string path);

    /// <summary>Whether the path, after following links, is a directory that can be
    /// entered.</summary>
    bool IsDirectory(string path);
}

/// <summary>Access to files on a machine and to entries of directories.</summary>
public interface IFileTree : IPathEntries
{
    /// <summary>The names in a directory; empty if it cannot be read.</summary>
    IReadOnlyList<string> Names(string directory);
}
