using Google.Protobuf;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>The files of contents in a home, which only its node can read: complete ones by their
/// hash, and others that are being written or removed.</summary>
internal sealed class BlobFiles(HomePaths paths)
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    private readonly HashSet<string> _inUse = [];
    private readonly Lock _lock = new();

    /// <summary>The names of all directories of complete files: the first two digits of their
    /// hashes.</summary>
    public static IEnumerable<string> Folders => Enumerable.Range(0, 256).Select(i => $"{i:x2}");

    public string Root => paths.Blobs;
    private string Incomplete => $"{Root}/new";

    public string PathOf(ByteString sha256) => PathOf(BlobRules.NameOf(sha256));

    public string FolderOf(string folder) => $"{Root}/{folder}";

    /// <summary>Opens a complete file; null: there is none.</summary>
    public FileStream? Open(ByteString sha256)
    {
        try
        {
            return new FileStream(
                PathOf(sha256),
                new FileStreamOptions
                {
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    BufferSize = 0,
                }
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Creates a file that is not complete.</summary>
    public FileStream Create()
    {
        Directory.CreateDirectory(Incomplete, PrivateFolder);
        var path = NewPath();
        return new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Read,
                BufferSize = 0,
                UnixCreateMode = PrivateFile,
            }
        );
    }

    /// <summary>Makes a file complete: from now on it is found by its hash, also after a power
    /// loss.</summary>
    public void Complete(FileStream file, ByteString sha256)
    {
        file.Flush(flushToDisk: true);
        var path = PathOf(sha256);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, PrivateFolder);
            FlushedFolder.Flush(Root);
        }
        File.Move(file.Name, path, overwrite: true);
        FlushedFolder.Flush(folder);
        Forget(file);
    }

    /// <summary>Removes a file that is not complete.</summary>
    public void Discard(FileStream file)
    {
        file.Dispose();
        File.Delete(file.Name);
        Forget(file);
    }

    /// <summary>Takes a complete file away, so that the hash no longer finds it; null: there is
    /// none. The caller deletes it.</summary>
    public string? TakeAway(ByteString sha256)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path))
            return null;
        Directory.CreateDirectory(Incomplete, PrivateFolder);
        var away = NewPath();
        File.Move(path, away);
        return away;
    }

    public void Delete(string away)
    {
        File.Delete(away);
        lock (_lock)
            _inUse.Remove(away);
    }

    /// <summary>Deletes the files that an earlier process of this node did not complete.</summary>
    public void DeleteIncomplete()
    {
        if (!Directory.Exists(Incomplete))
            return;
        foreach (var file in Directory.EnumerateFiles(Incomplete))
        {
            bool isInUse;
            lock (_lock)
                isInUse = _inUse.Contains(file);
            if (!isInUse)
                File.Delete(file);
        }
    }

    private string PathOf(string name) => $"{Root}/{name[..2]}/{name}";

    private string NewPath()
    {
        var path = $"{Incomplete}/{Guid.NewGuid():N}";
        lock (_lock)
            _inUse.Add(path);
        return path;
    }

    private void Forget(FileStream file)
    {
        lock (_lock)
            _inUse.Remove(file.Name);
    }
}
