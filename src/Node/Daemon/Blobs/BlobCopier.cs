using System.Data.Common;
using JobCloud.Protocol;
using JobCloud.Protocol.Blobs;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Copies contents for attempts, and checks them: what a job gets is what was
/// sent.</summary>
/// <param name="cache">Null: the contents are files of this home.</param>
internal sealed class BlobCopier(IBlobContents contents, BlobCache? cache, BlobDisk disk)
{
    private const int BufferBytes = 256 << 10;

    /// <summary>Copies at the same time.</summary>
    private const int Most = 4;

    private readonly SemaphoreSlim _turns = new(Most);

    /// <summary>Writes a content to a new file that only this account can read.</summary>
    /// <exception cref="BlobFailureException">It cannot be copied; there is no file
    /// then.</exception>
    public async Task CopyAsync(BlobRef blob, string path, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            if (disk.WhyNoRoom(blob.Size) is { } full)
                throw new BlobFailureException(full, isPassing: true);
            await using var source = await OpenAsync(blob, cancel);
            if (!await WriteAsync(blob, source, path, cancel))
                throw await DamagedAsync(blob, isCopy: cache is not null && source is FileStream);
        }
        catch (DbException e)
        {
            throw new BlobFailureException(
                $"the files sent along cannot be read from the store: {e.Message.TrimEnd('.')}",
                isPassing: true
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BlobFailureException(
                $"the files sent along could not be copied: {e.Message.TrimEnd('.')}",
                isPassing: true
            );
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<Stream> OpenAsync(BlobRef blob, CancellationToken cancel)
    {
        var source = cache is null
            ? await contents.OpenAsync(blob, cancel)
            : await cache.OpenAsync(blob, cancel);
        if (source is not null)
            return source;
        await contents.LoseAsync(blob.Sha256, cancel);
        throw new BlobFailureException(
            $"{Name(blob)} is missing in the store; submit the job again",
            isPassing: false
        );
    }

    private async Task<BlobFailureException> DamagedAsync(BlobRef blob, bool isCopy)
    {
        if (isCopy)
        {
            cache!.Forget(blob);
            return new($"the copy of {Name(blob)} was damaged", isPassing: true);
        }
        await contents.LoseAsync(blob.Sha256, CancellationToken.None);
        return new($"{Name(blob)} is damaged in the store; submit the job again", isPassing: false);
    }

    private static async Task<bool> WriteAsync(
        BlobRef blob,
        Stream source,
        string path,
        CancellationToken cancel
    )
    {
        var isWhole = false;
        try
        {
            await using var target = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    Share = FileShare.Read,
                    BufferSize = 0,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
            isWhole = await BlobHash.CopyAsync(blob, source, target, BufferBytes, cancel);
        }
        finally
        {
            if (!isWhole)
                File.Delete(path);
        }
        return isWhole;
    }

    private static string Name(BlobRef blob) =>
        $"a file sent along (SHA-256 {BlobRules.NameOf(blob.Sha256)})";
}
