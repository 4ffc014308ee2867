using System.Data.Common;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The kind of a store and its place, and the sentences about a store that needs
/// repair.</summary>
/// <param name="Description">The kind of store and its place.</param>
/// <param name="DatabaseFile">The path of an embedded store; null: it is shared.</param>
internal sealed record StorePlace(string Description, string? DatabaseFile)
{
    private const int NamedBackupsMax = 3;

    private const string OlderStore = "jobcloud node start --older-store";
    private const string NewStore = "jobcloud node start --new-store";

    public override string ToString() => Description;

    /// <summary>The store cannot be used now.</summary>
    /// <param name="result">What that means for the request.</param>
    public string Unusable(StoreFault fault, string result) =>
        fault switch
        {
            StoreFault.Full =>
                $"The node cannot write its store: no space left {Disk()}. {result} Free space there, and try again.",
            StoreFault.ReadOnly =>
                $"The node cannot write its store ({Description}): it is read-only. {result} Make it writable, and try again.",
            StoreFault.NotPermitted =>
                $"The node has no permission to use its store ({Description}). {result} Correct the permissions, and try again.",
            _ => $"The store is not available. {result} Try again.",
        };

    /// <summary>The directory and file system of an embedded store, or the server of a shared
    /// one.</summary>
    private string Disk()
    {
        if (DatabaseFile is null || Path.GetDirectoryName(DatabaseFile) is not { } folder)
            return $"on its server ({Description})";
        try
        {
            var drive = DriveInfo
                .GetDrives()
                .Where(drive => $"{folder}/".StartsWith(drive.Name.TrimEnd('/') + '/'))
                .MaxBy(drive => drive.Name.Length);
            return drive is null ? $"in {folder}" : $"in {folder} (file system {drive.Name})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"in {folder}";
        }
    }

    /// <summary>The store is damaged.</summary>
    public string Damaged(DbException e) =>
        $"The store ({Description}) is damaged: {Reason(e)}; restore a backup{Backups()}, or start "
        + $"with an empty store: {NewStore}.";

    /// <summary>The store has no jobs, but the home has.</summary>
    public string Emptied(long highestJid) =>
        $"The store ({Description}) is {(IsMissing ? "missing" : "empty")}, but this home knows "
        + $"jobs up to {highestJid}: bring the store back{Backups()}, or start with an empty one: "
        + $"{NewStore}.";

    /// <summary>The store is not the one that the home knows.</summary>
    public string Foreign(string id, string knownId) =>
        $"The store ({Description}) has the ID {id}, but this home knows the jobs of the store "
        + $"{knownId}: "
        + (
            DatabaseFile is null
                ? "correct jobcloud.store.connection, or use this store from now on: "
                : $"bring that store back{Backups()}, or start with an empty one: "
        )
        + $"{NewStore}.";

    /// <summary>The store is a copy of an earlier time.</summary>
    /// <param name="index">The path of the index, which knows more.</param>
    /// <param name="has">The last change of this segment in the store.</param>
    public string Older(string index, KnownSegment known, long has) =>
        $"The store ({Description}) is older than the index {index}: jobs "
        + $"{Math.Max(1, Segments.First(known.Segment))}-{Segments.Last(known.Segment)} have "
        + $"{has} changes in the store and {known.SequenceNr} in the index. Bring the newer store "
        + $"back{Backups()}, or use this one without what came after it: {OlderStore}.";

    private bool IsMissing => DatabaseFile is not null && !File.Exists(DatabaseFile);

    /// <summary>SQLite's words, without the prefix of its client.</summary>
    private static string Reason(DbException e) =>
        e is SqliteException { SqliteErrorCode: var code }
        && e.Message.Split('\'') is [_, var words, ..]
            ? $"{words} (SQLite error {code})"
            : e.Message.TrimEnd('.');

    /// <summary>Names the files beside the store that look like its backups.</summary>
    private string Backups()
    {
        if (DatabaseFile is null || Path.GetDirectoryName(DatabaseFile) is not { } folder)
            return "";
        var name = Path.GetFileName(DatabaseFile);
        string[] own = [name, $"{name}-wal", $"{name}-shm", $"{name}-journal"];
        try
        {
            var others = Directory
                .GetFiles(folder, $"{Path.GetFileNameWithoutExtension(name)}*")
                .Where(file => !own.Contains(Path.GetFileName(file)))
                .Where(file => !file.EndsWith("-wal") && !file.EndsWith("-shm"))
                .OrderByDescending(File.GetLastWriteTimeUtc)
                .Take(NamedBackupsMax)
                .ToArray();
            return others.Length == 0 ? "" : $" (beside it: {string.Join(", ", others)})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
