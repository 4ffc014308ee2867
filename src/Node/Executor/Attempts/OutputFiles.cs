using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The output files of one attempt. As long as they are not worth names of their own,
/// spare ones are written to instead.</summary>
internal sealed class OutputFiles(
    AttemptPaths paths,
    string? spareStdout = null,
    string? spareStderr = null
)
{
    private const long Block = 4096;
    private string? _spareStdout = spareStdout;
    private string? _spareStderr = spareStderr;

    /// <summary>Dropped from their starts.</summary>
    private DropNote _dropped;

    /// <summary>Where is written to now.</summary>
    public string Stdout => _spareStdout ?? paths.Stdout;
    public string Stderr => _spareStderr ?? paths.Stderr;

    /// <summary>They are there, and empty.</summary>
    public bool AreSpare => _spareStderr is not null;

    public long DroppedBytes => _dropped.Total;

    /// <summary>Gives the files their own names, if they do not have them yet.</summary>
    public void Name()
    {
        if (_spareStdout is { } stdout && Name(stdout, paths.Stdout))
            _spareStdout = null;
        if (_spareStderr is { } stderr && Name(stderr, paths.Stderr))
            _spareStderr = null;
    }

    /// <summary>Returns the lengths. The files get their own names; one without content goes to the
    /// spares, if there are any, or is removed.</summary>
    public (long StdoutBytes, long StderrBytes) Close(Spares? spares, long now) =>
        (
            Close(_spareStdout, paths.Stdout, spares, now),
            Close(_spareStderr, paths.Stderr, spares, now)
        );

    /// <summary>Gives the oldest bytes of files that passed the limit back to the disk: they keep
    /// their length, and readers see zeros there.</summary>
    /// <returns>How many bytes were dropped this time.</returns>
    public long KeepWithin(long limitBytes)
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
        // Noted first: a reader that finds zeros finds the note.
        var isNoted = TryNote(wanted);
        _dropped = new DropNote(
            Drop(paths.Stdout, before.Stdout, wanted.Stdout),
            Drop(paths.Stderr, before.Stderr, wanted.Stderr),
            Drop(paths.Logging, before.Logging, wanted.Logging),
            Drop(paths.Syslog, before.Syslog, wanted.Syslog)
        );
        // A disk that was full has room now.
        if (!isNoted || _dropped != wanted)
            _ = TryNote(_dropped);
        return _dropped.Total - before.Total;
    }

    private long Close(string? spare, string path, Spares? spares, long now)
    {
        var file = spare ?? path;
        if (!Libc.TryStat(file, followLink: false, out var status))
            return 0;
        if (status.Size == 0 && spares?.TryGiveFile(file, status, now) != true)
            _ = Libc.unlink(file);
        else if (status.Size > 0 && spare is not null)
            Name(spare, path);
        return status.Size;
    }

    private bool Name(string spare, string path)
    {
        if (Libc.rename(spare, path) == 0)
            return true;
        // The folder may have gone with the last file of another attempt.
        _ = Folder.Make(paths.Folder);
        return Libc.rename(spare, path) == 0;
    }

    private bool TryNote(DropNote note)
    {
        try
        {
            File.WriteAllText(paths.NewDropNote, note.ToString());
            return Libc.rename(paths.NewDropNote, paths.DropNote) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Returns up to which byte to drop. A quarter of the limit goes at once, so that a
    /// busy stream is not cut at every look.</summary>
    private static long CutOf(string path, long dropped, long limitBytes) =>
        Libc.TryStat(path, followLink: false, out var status) && status.Size - dropped > limitBytes
            ? Math.Max(dropped, (status.Size - limitBytes * 3 / 4) / Block * Block)
            : dropped;

    /// <summary>Returns up to which byte is dropped now.</summary>
    private static long Drop(string path, long dropped, long until)
    {
        const int Punch = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
        if (until <= dropped)
            return dropped;
        var fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return dropped;
        var done = Libc.fallocate(fd, Punch, dropped, until - dropped) == 0;
        _ = Libc.close(fd);
        return done ? until : dropped;
    }
}
