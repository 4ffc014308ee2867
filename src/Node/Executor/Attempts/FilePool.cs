using System.Globalization;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>A pool of empty files and directories that attempts left unused. Creating and removing
/// three of them for each quick job costs more than the job: some file systems search all recently
/// removed entries at each creation. Entries rest before reuse, so that a late reader of an old
/// attempt never sees the output of a new one. Not thread-safe.</summary>
internal sealed unsafe class FilePool
{
    private const int FileMode = 0x8180; // a plain file, 0600
    private const int DirectoryMode = 0x41c0; // a directory, 0700
    private static readonly uint Self = Libc.geteuid();

    /// <summary>Numbers beyond are no names of this pool.</summary>
    private const long NumberMax = 1L << 60;

    private readonly string _folder;
    private readonly long _restMs;
    private readonly int _max;
    private readonly Queue<(string Path, long At)> _files = new();
    private readonly Queue<(string Path, long At)> _directories = new();
    private long _last;

    /// <summary>Takes over the pool of an earlier executor; entries beyond <paramref name="max"/>
    /// stay on disk unused.</summary>
    /// <param name="max">Maximum number of files, and of directories: as many as arrive while they
    /// rest.</param>
    public FilePool(string folder, long now, long restMs = 2_000, int max = 15_000)
    {
        (_folder, _restMs, _max) = (folder, restMs, max);
        if (Folder.Make(folder) != 0)
            return;
        foreach (var path in Entries(folder))
        {
            if (
                !long.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var number)
                || number > NumberMax
            )
                continue;
            _last = Math.Max(_last, number);
            if (!Libc.TryStat(path, followLink: false, out var status))
                continue;
            if (status.User != Self)
                continue;
            if (status.IsDirectory)
                Adopt(_directories, status.Mode == DirectoryMode && IsEmpty(path), path, now);
            else if (status is { Mode: FileMode, Links: 1, Size: 0 })
                Adopt(_files, isUsable: true, path, now);
            else
                _ = Libc.unlink(path);
        }
    }

    private void Adopt(Queue<(string Path, long At)> queue, bool isUsable, string path, long now)
    {
        if (isUsable && queue.Count < _max)
            queue.Enqueue((path, now));
    }

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something else is in its place; attempts then create their files.
            return [];
        }
    }

    /// <summary>Returns an empty file under its own name; null: no file has rested long
    /// enough.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public string? TakeFile(long now) => TryTake(_files, now, out var path) ? path : null;

    /// <summary>Moves an empty directory to this path; false: none is available or the move
    /// failed.</summary>
    public bool TryTakeDirectory(string path, long now)
    {
        if (!TryTake(_directories, now, out var spare))
            return false;
        if (Libc.rename(spare, path) == 0)
            return true;
        // The parent directory does not exist yet, or the path is taken.
        _directories.Enqueue((spare, now));
        return false;
    }

    /// <summary>Accepts an empty file with its original mode. A file that came from this pool still
    /// has its name.</summary>
    public bool TryReturnFile(string path, in Libc.FileStatus status, long now)
    {
        if (status.Mode != FileMode || status.Links != 1 || status.User != Self)
            return false;
        if (!path.StartsWith(_folder, StringComparison.Ordinal))
            return TryGive(_files, path, now);
        _files.Enqueue((path, now));
        return true;
    }

    /// <summary>Accepts a directory that is empty and has its original mode.</summary>
    public bool TryReturnDirectory(string path, long now) =>
        Libc.TryStat(path, followLink: false, out var status)
        && status.Mode == DirectoryMode
        && status.User == Self
        && IsEmpty(path)
        && TryGive(_directories, path, now);

    private bool TryTake(Queue<(string Path, long At)> queue, long now, out string path)
    {
        path = "";
        if (!queue.TryPeek(out var spare) || now - spare.At < _restMs)
            return false;
        path = spare.Path;
        queue.Dequeue();
        return true;
    }

    private bool TryGive(Queue<(string Path, long At)> queue, string path, long now)
    {
        if (queue.Count >= _max)
            return false;
        var spare = string.Create(CultureInfo.InvariantCulture, $"{_folder}/{++_last}");
        if (Libc.rename(path, spare) != 0)
            return false;
        queue.Enqueue((spare, now));
        return true;
    }

    private static bool IsEmpty(string directory)
    {
        const int EntriesBytes = 256; // more than "." and ".." take
        var fd = Libc.open(directory, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return false;
        var entries = stackalloc byte[EntriesBytes];
        var first = Libc.getdents64(fd, entries, EntriesBytes);
        var second = first > 0 ? Libc.getdents64(fd, entries, EntriesBytes) : first;
        _ = Libc.close(fd);
        const int OfTwo = 48; // "." and "..", 24 bytes each
        return first == OfTwo && second == 0;
    }
}
