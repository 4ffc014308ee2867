using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The contents that submissions refer to (<c>jobcloud.files</c>).</summary>
internal sealed record BlobSettings
{
    public required int UploadsMax { get; init; }
    public required long CacheBytes { get; init; }

    internal static BlobSettings Read(SettingsReader read) =>
        new()
        {
            UploadsMax = read.Count(
                "jobcloud.files.uploads-max",
                64,
                "Maximum number of files that clients send to this node at the same time; more "
                    + "wait. With the postgresql store, each takes a connection."
            ),
            CacheBytes = read.Size(
                "jobcloud.files.cache-size",
                "10GiB",
                "Files sent along that the home of a node with the postgresql store keeps, so that "
                    + "jobs that share a file read it once from the store.",
                least: 0
            ),
        };
}
