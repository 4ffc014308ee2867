using System.Globalization;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>The output files of this home. Reads a directory again only if something in it may have
/// changed, so that a pass over a million finished attempts costs a thousand stats.</summary>
internal sealed class OutputFolders(HomePaths home)
{
    // A file created within the clock tick of a scan would not change the directory's time.
    private static readonly TimeSpan ClockTick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Scan> _scans = [];

    /// <summary>Returns all directories in their current state.</summary>
    /// <param name="live">Attempts whose files may grow.</param>
    public IReadOnlyList<KeptFolder> Folders(IReadOnlySet<AttemptId> live, DateTimeOffset now)
    {
        var root = new DirectoryInfo(home.Attempts);
        if (!root.Exists)
            return [];
        var segments = live.Select(id => Segments.Of(id.Jid)).ToHashSet();
        var folders = new List<KeptFolder>();
        foreach (var folder in root.EnumerateDirectories())
        {
            var isLive =
                long.TryParse(folder.Name, CultureInfo.InvariantCulture, out var segment)
                && segments.Contains(segment);
            if (ScanFolder(folder, isLive, now) is { Bytes: >= 0 } result)
                folders.Add(result);
        }
        return folders;
    }

    /// <summary>Returns the attempts of a directory.</summary>
    public static IReadOnlyCollection<KeptAttempt> Attempts(string folder)
    {
        var kept = new Dictionary<AttemptId, KeptAttempt>();
        var directory = new DirectoryInfo(folder);
        // The executor removes a directory with its last file.
        foreach (var entry in directory.Exists ? directory.EnumerateFileSystemInfos() : [])
        {
            if (!entry.Exists || IdOf(entry.Name) is not { } id)
                continue;
            var before = kept.GetValueOrDefault(id, new(id, 0, DateTimeOffset.MinValue));
            var written = new DateTimeOffset(entry.LastWriteTimeUtc);
            kept[id] = before with
            {
                Bytes = before.Bytes + SizeOf(entry, new(folder, id.ToString())),
                LastWrite = written > before.LastWrite ? written : before.LastWrite,
            };
        }
        return kept.Values;
    }

    private KeptFolder? ScanFolder(DirectoryInfo folder, bool isLive, DateTimeOffset now)
    {
        var changed = new DateTimeOffset(folder.LastWriteTimeUtc);
        if (
            _scans.TryGetValue(folder.Name, out var scan)
            && !isLive
            && !scan.WasLive
            && scan.Changed == changed
            && scan.At - changed > ClockTick
        )
            return scan.Folder;
        var attempts = Attempts(folder.FullName);
        var result =
            attempts.Count == 0
                ? null
                : new KeptFolder(
                    folder.FullName,
                    attempts.Sum(a => a.Bytes),
                    attempts.Min(a => a.LastWrite)
                );
        _scans[folder.Name] = new(changed, now, isLive, result);
        return result;
    }

    // JID.ATTEMPT.WHAT
    private static AttemptId? IdOf(string name)
    {
        var parts = name.Split('.');
        return
            parts.Length >= 3
            && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var jid)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var attempt)
            ? new AttemptId(jid, attempt)
            : null;
    }

    private static long SizeOf(FileSystemInfo entry, AttemptPaths paths) =>
        entry switch
        {
            FileInfo note when note.FullName == paths.DropNote => -DropNotes.Of(paths).Total,
            FileInfo file => file.Length,
            DirectoryInfo { LinkTarget: null } directory => directory
                .EnumerateFiles("*", Everything)
                .Sum(file => file.Length),
            _ => 0,
        };

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private sealed record Scan(
        DateTimeOffset Changed,
        DateTimeOffset At,
        bool WasLive,
        KeptFolder? Folder
    );
}
