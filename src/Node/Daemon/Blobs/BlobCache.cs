using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Copies of contents of a shared store in this home, so that a content is read once for
/// all attempts here. The least recently used ones go first, and those that the store has removed.
/// </summary>
/// <param name="most">Bytes of all copies.</param>
internal sealed class BlobCache(
    BlobFiles files,
    IBlobContents contents,
    BlobRows rows,
    long most,
    BlobDisk disk
)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Contents that one question asks about.</summary>
    private const int AskedAtOnce = 500;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Opens a content; null: the store does not have it.</summary>
    public async Task<Stream?> OpenAsync(BlobRef blob, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (OpenCopy(blob) is { } known)
                return known;
            var source = await contents.OpenAsync(blob, cancel);
            if (source is null || blob.Size > most || disk.WhyNoRoom(2 * blob.Size) is not null)
                return source;
            await using (source)
                return await FillAsync(blob, source, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Removes the copies of contents that the store does not have any more.</summary>
    public async Task ForgetRemovedAsync(CancellationToken cancel)
    {
        foreach (var some in Copies().Chunk(AskedAtOnce))
        {
            var known = await rows.KnownAsync(
                [.. some.Select(file => Convert.FromHexString(file.Name))],
                cancel
            );
            foreach (var copy in some.Where(file => !known.Contains(file.Name)))
                copy.Delete();
        }
    }

    /// <summary>Removes a copy that is damaged.</summary>
    public void Forget(BlobRef blob) => File.Delete(files.PathOf(blob.Sha256));

    private FileStream? OpenCopy(BlobRef blob)
    {
        if (files.Open(blob.Sha256) is not { } copy)
            return null;
        File.SetLastWriteTimeUtc(copy.SafeFileHandle, DateTime.UtcNow);
        return copy;
    }

    private async Task<Stream?> FillAsync(BlobRef blob, Stream source, CancellationToken cancel)
    {
        var file = files.Create();
        var isWhole = false;
        try
        {
            isWhole = await BlobHash.CopyAsync(blob, source, file, BufferBytes, cancel);
            if (isWhole)
            {
                files.Complete(file, blob.Sha256);
                await file.DisposeAsync();
            }
        }
        finally
        {
            if (!isWhole)
                files.Discard(file);
        }
        Shrink();
        // What does not have the hash is read again by the caller, which says so.
        return isWhole ? files.Open(blob.Sha256) : await contents.OpenAsync(blob, cancel);
    }

    private void Shrink()
    {
        var kept = 0L;
        foreach (var copy in Copies().OrderByDescending(file => file.LastWriteTimeUtc))
        {
            kept += copy.Length;
            if (kept > most)
                copy.Delete();
        }
    }

    private List<FileInfo> Copies() =>
        [
            .. BlobFiles
                .Folders.Select(name => new DirectoryInfo(files.FolderOf(name)))
                .Where(folder => folder.Exists)
                .SelectMany(folder => folder.EnumerateFiles())
                .Where(file => BlobRules.IsName(file.Name)),
        ];
}
