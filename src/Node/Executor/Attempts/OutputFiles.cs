using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The output files of one attempt. A short attempt without output writes to pooled files,
/// which are renamed only when needed.</summary>
internal sealed class OutputFiles(
    AttemptPaths paths,
    string? spareStdout = null,
    string? spareStderr = null
)
{
    private const long Block = 4096;
    private string? _spareStdout = spareStdout;
    private string? _spareStderr = spareStderr;

    /// <summary>The bytes dropped from the start of each file.</summary>
    private DropNote _dropped;

    /// <summary>The path that is written to now.</summary>
    public string Stdout => _spareStdout ?? paths.Stdout;
    public string Stderr => _spareStderr ?? paths.Stderr;

    /// <summary>Whether both files come from the pool: they exist and are empty.</summary>
    public bool AreFromPool => _spareStderr is not null;

    public long DroppedBytes => _dropped.Total;

    /// <summary>Whether bytes were dropped because the disk was nearly full.</summary>
    public bool DiskWasLow { get; private set; }

    /// <summary>Renames the files to the attempt's own paths, unless that was done.</summary>
    public void Rename()
    {
        if (_spareStdout is { } stdout && Rename(stdout, paths.Stdout))
            _spareStdout = null;
        if (_spareStderr is { } stderr && Rename(stderr, paths.Stderr))
            _spareStderr = null;
    }

    /// <summary>Renames the files to the attempt's own paths and returns their lengths. An empty
    /// file goes to the pool, if there is one, or is removed.</summary>
    public (long StdoutBytes, long StderrBytes) Close(FilePool? filePool, long now) =>
        (
            Close(_spareStdout, paths.Stdout, filePool, now),
            Close(_spareStderr, paths.Stderr, filePool, now)
        );

    /// <summary>Like <see cref="DropOldest"/>, because the disk is nearly full.</summary>
    public long DropForReserve(long limitBytes)
    {
        var dropped = DropOldest(limitBytes);
        DiskWasLow |= dropped > 0;
        return dropped;
    }

    /// <summary>Frees the disk space of the oldest bytes of files over the limit. The files keep
    /// their length; readers see zeros there.</summary>
    /// <returns>The number of bytes dropped by this call.</returns>
    public long DropOldest(long limitBytes)
    {
        if (limitBytes <= 0)
            return 0;
        var before = _dropped;
        var wanted = new DropNote(
            CutOf(paths.Stdout, before.Stdout, limitBytes),
            CutOf(paths.Stderr, before.Stderr, limitBytes),
            CutOf(paths.Logging, before.Logging, limitBytes),
            CutOf(paths.Syslog, before.Syslog, limitBytes)
        );
        if (wanted == before)
            return 0;
        // The note is written first, so that a reader that finds zeros also finds the note.
        var isNoted = TryNote(wanted);
        _dropped = new DropNote(
            Drop(paths.Stdout, before.Stdout, wanted.Stdout),
            Drop(paths.Stderr, before.Stderr, wanted.Stderr),
            Drop(paths.Logging, before.Logging, wanted.Logging),
            Drop(paths.Syslog, before.Syslog, wanted.Syslog)
        );
        // The dropped bytes made room on a disk that was full.
        if (!isNoted || _dropped != wanted)
            _ = TryNote(_dropped);
        return _dropped.Total - before.Total;
    }

    private long Close(string? spare, string path, FilePool? filePool, long now)
    {
        var file = spare ?? path;
        if (!Libc.TryStat(file, followLink: false, out var status))
            return 0;
        if (status.Size == 0 && filePool?.TryReturnFile(file, status, now) != true)
            _ = Libc.unlink(file);
        else if (status.Size > 0 && spare is not null)
            Rename(spare, path);
        return status.Size;
    }

    private bool Rename(string spare, string path)
    {
        if (Libc.rename(spare, path) == 0)
            return true;
        // The directory may have been removed with the last file of another attempt.
        _ = Folder.Make(paths.Folder);
        return Libc.rename(spare, path) == 0;
    }

    private bool TryNote(DropNote note)
    {
        try
        {
            using (var file = File.OpenHandle(paths.NewDropNote, FileMode.Create, FileAccess.Write))
            {
                _ = Libc.chmod(paths.NewDropNote, Libc.OwnerOnly);
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(note.ToString()), 0);
            }
            return Libc.rename(paths.NewDropNote, paths.DropNote) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Returns the offset to drop up to. Drops a quarter of the limit at once, so that a
    /// busy stream is not cut at every check.</summary>
    private static long CutOf(string path, long dropped, long limitBytes) =>
        Libc.TryStat(path, followLink: false, out var status) && status.Size - dropped > limitBytes
            ? Math.Max(dropped, (status.Size - limitBytes * 3 / 4) / Block * Block)
            : dropped;

    /// <summary>Drops bytes and returns the offset up to which the file is now dropped.</summary>
    private static long Drop(string path, long dropped, long until)
    {
        const int Punch = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
        if (until <= dropped)
            return dropped;
        var fd = JobFile.OpenOwn(path, Libc.O_WRONLY, 0);
        if (fd < 0)
            return dropped;
        var done = Libc.fallocate(fd, Punch, dropped, until - dropped) == 0;
        _ = Libc.close(fd);
        return done ? until : dropped;
    }
}
