using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>The files of this machine, as far as the node can see them.</summary>
internal sealed class NodeFiles : IPathEntries
{
    public PathEntry At(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is { } target)
            return new PathEntry(PathEntryKind.Link, Target: target);
        return Directory.Exists(path) ? new PathEntry(PathEntryKind.Directory)
            : file.Exists ? new PathEntry(PathEntryKind.Other)
            : new PathEntry(PathEntryKind.None);
    }

    public bool IsDirectory(string path) => Directory.Exists(path);
}
