using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The parts of a node that keep the contents of files sent along.</summary>
/// <param name="Cache">Null: the contents are files of this home.</param>
internal sealed record BlobServices(
    BlobStore Store,
    BlobUploads Uploads,
    BlobCopier Copier,
    BlobCache? Cache
)
{
    /// <param name="reserve">As in <c>jobcloud.executor.disk-reserve</c>.</param>
    public static BlobServices Open(
        BlobSettings settings,
        NodeStore store,
        StoreProvider provider,
        HomePaths paths,
        long reserve,
        TimeProvider clock
    )
    {
        var rows = new BlobRows(store, provider);
        var files = new BlobFiles(paths);
        var disk = new BlobDisk(paths.Store, reserve);
        var isShared = provider == StoreProvider.PostgreSql;
        IBlobContents contents = isShared
            ? new TableContents(store, rows)
            : new FileContents(files, rows, disk);
        var kept = new BlobStore(contents, rows, clock);
        var cache = isShared
            ? new BlobCache(files, contents, rows, settings.CacheBytes, disk)
            : null;
        return new(
            kept,
            new BlobUploads(kept, settings.UploadsMax, clock),
            new BlobCopier(contents, cache, new BlobDisk(paths.Attempts, reserve)),
            cache
        );
    }
}
