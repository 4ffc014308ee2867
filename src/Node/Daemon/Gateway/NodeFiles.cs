using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>The files of this machine, as far as the node can see them.</summary>
internal sealed class NodeFiles : IPlaces
{
    public Place At(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is { } target)
            return new Place(PlaceKind.Link, Target: target);
        return Directory.Exists(path) ? new Place(PlaceKind.Directory)
            : file.Exists ? new Place(PlaceKind.Other)
            : new Place(PlaceKind.Nothing);
    }

    public bool IsDirectory(string path) => Directory.Exists(path);
}
