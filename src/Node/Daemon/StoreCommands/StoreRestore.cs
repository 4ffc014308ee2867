using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>
/// Puts a backup into a home. Everything is unpacked and checked in a folder of its own first; the
/// renaming of that folder decides. What follows can be repeated, by this command or by the next
/// start of the node.
/// </summary>
internal sealed class StoreRestore(HomePaths paths, Action<string> progress)
{
    private const string InsertLease = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
        SELECT @created, 0, @id, coalesce(max(sequence_number), 0) + 1, @message, @manifest, @serializer
        FROM journal WHERE persistence_id = @id
        """;

    private string Partial => $"{paths.Store}/restore.partial";
    private string Ready => ReadyOf(paths);

    /// <param name="replaces">Whether a store in the home is set aside; else it is refused.</param>
    /// <returns>What the backup holds, and the first jid that may be given out.</returns>
    /// <exception cref="CannotStartException">The restore failed; the home was left
    /// unchanged.</exception>
    public async Task<(BackupManifest Manifest, long NextJid)> RunAsync(
        string file,
        bool replaces,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        using var home = HomeLock.Acquire(paths);
        Finish(paths, now);
        if (!SqliteFile.IsEmpty(paths.Journal) && !replaces)
            throw new CannotStartException(
                $"The home {paths.Home} has a store already; with --replace it is set aside."
            );
        try
        {
            if (Directory.Exists(Partial))
                Directory.Delete(Partial, recursive: true);
            PrivateFolder.Create(Partial);
            var manifest = await UnpackAsync(file, cancel);
            var next = LeaveOut($"{Partial}/store/journal.db", HighestKnown(manifest), now);
            Directory.Move(Partial, Ready);
            Finish(paths, now);
            return (manifest, next);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or SqliteException
                        or InvalidDataException
            )
        {
            throw new CannotStartException($"The backup {file} cannot be restored: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(Partial))
                Directory.Delete(Partial, recursive: true);
        }
    }

    /// <summary>Ends a restore that was interrupted after everything was unpacked.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Finish(HomePaths paths, DateTimeOffset now)
    {
        var ready = ReadyOf(paths);
        if (!Directory.Exists(ready))
            return false;
        var suffix = now.ToString("'.'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        foreach (var part in new[] { "", "-wal", "-shm" })
        {
            File.Delete($"{paths.Index}{part}");
            // An interrupted restore may have put these in place already.
            foreach (var database in new[] { paths.Journal, paths.OutputStore })
                if (File.Exists(Staged(database)) && File.Exists($"{database}{part}"))
                    File.Move($"{database}{part}", $"{database}{suffix}{part}", overwrite: true);
        }
        // The journal is the last: it is what the home has if a start comes in between.
        foreach (
            var file in Directory
                .EnumerateFiles(ready, "*", SearchOption.AllDirectories)
                .OrderBy(file => file == Staged(paths.Journal))
                .ToList()
        )
        {
            var target = $"{paths.Home}/{Path.GetRelativePath(ready, file)}";
            CreateFolders(paths, Path.GetDirectoryName(target)!);
            File.Move(file, target, overwrite: true);
        }
        Directory.Delete(ready, recursive: true);
        return true;

        string Staged(string path) => $"{ready}/{Path.GetRelativePath(paths.Home, path)}";
    }

    private static string ReadyOf(HomePaths paths) => $"{paths.Store}/restore.ready";

    /// <summary>Creates folders with the modes that the node gives them.</summary>
    private static void CreateFolders(HomePaths paths, string folder)
    {
        if (folder == paths.Home || Directory.Exists(folder))
            return;
        CreateFolders(paths, Path.GetDirectoryName(folder)!);
        if (folder.StartsWith(paths.Store, StringComparison.Ordinal))
            PrivateFolder.Create(folder);
        else
            Directory.CreateDirectory(
                folder,
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | UnixFileMode.UserExecute
                    | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherExecute
            );
    }

    private async Task<BackupManifest> UnpackAsync(string file, CancellationToken cancel)
    {
        BackupManifest? manifest = null;
        var found = new Dictionary<string, BackupFile>();
        await using var input = File.OpenRead(file);
        await using var tar = new TarReader(input);
        while (await tar.GetNextEntryAsync(copyData: false, cancel) is { } entry)
        {
            if (entry.EntryType != TarEntryType.RegularFile || IsOutside(entry.Name))
                throw new InvalidDataException($"it is not a backup: it holds {entry.Name}.");
            if (entry.Name == BackupManifest.Name)
                manifest = BackupManifest.Read(await BytesAsync(entry, cancel));
            else
                found[entry.Name] = await UnpackAsync(entry, cancel);
            progress($"files: {found.Count}");
        }
        if (manifest is null)
            throw new InvalidDataException("it is incomplete or not a backup: it has no manifest.");
        if (
            manifest.Format > BackupManifest.CurrentFormat
            || manifest.StoreVersion > StoreMigrations.Current
        )
            throw new InvalidDataException(
                $"a later version of JobCloud wrote it (store version {manifest.StoreVersion}; "
                    + $"this program supports {StoreMigrations.Current})."
            );
        foreach (var listed in manifest.Files)
            if (!found.Remove(listed.Path, out var one) || one != listed)
                throw new InvalidDataException($"{listed.Path} in it is missing or damaged.");
        if (found.Keys.FirstOrDefault() is { } extra)
            throw new InvalidDataException($"{extra} in it is not in its manifest.");
        return manifest;
    }

    private async Task<BackupFile> UnpackAsync(TarEntry entry, CancellationToken cancel)
    {
        var target = $"{Partial}/{entry.Name}";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var output = new FileStream(
            target,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        var size = 0L;
        var buffer = new byte[128 << 10];
        while (
            entry.DataStream is { } data && await data.ReadAsync(buffer, cancel) is > 0 and var read
        )
        {
            hash.AppendData(buffer.AsSpan(0, read));
            await output.WriteAsync(buffer.AsMemory(0, read), cancel);
            size += read;
        }
        output.Flush(flushToDisk: true);
        return new BackupFile(entry.Name, size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task<byte[]> BytesAsync(TarEntry entry, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        if (entry.DataStream is { } data)
            await data.CopyToAsync(bytes, cancel);
        return bytes.ToArray();
    }

    private static bool IsOutside(string name) =>
        name.StartsWith('/') || name.Split('/').Any(static part => part is "" or "." or "..");

    /// <summary>The highest jid that the backup or the home knows of.</summary>
    private long HighestKnown(BackupManifest manifest)
    {
        long[] known =
        [
            manifest.HighestJid,
            IndexMemory.Read(paths.Index).HighestJid,
            OutputStore.HighestJid(paths),
            AttemptMemory.HighestJid(paths),
            LeasedHere(),
        ];
        return known.Max();
    }

    /// <summary>The highest jid that the store in this home may have given out.</summary>
    private long LeasedHere()
    {
        if (SqliteFile.IsEmpty(paths.Journal))
            return 0;
        try
        {
            return StoreFacts.Read(paths.Journal).Highest;
        }
        catch (SqliteException)
        {
            // It is damaged; the rest of the home and the margin must do.
            return 0;
        }
    }

    private static long LeaveOut(string journal, long highest, DateTimeOffset now)
    {
        using var connection = SqliteCopy.Open(journal, SqliteOpenMode.ReadWrite);
        using var transaction = connection.BeginTransaction();
        var leases = StoreFacts.Leases(connection);
        var first = 0L;
        foreach (var lease in leases.After(highest + StoreAge.JidMargin, now.ToMicroseconds()))
        {
            Insert(connection, transaction, lease, now);
            if (first == 0)
                first = lease.Last + 1;
        }
        transaction.Commit();
        return first;
    }

    private static void Insert(
        SqliteConnection connection,
        SqliteTransaction transaction,
        RangeLeased lease,
        DateTimeOffset now
    )
    {
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = InsertLease;
        insert.Add("@created", now.ToUnixTimeMilliseconds());
        insert.Add("@id", ClusterNames.AllocatorId);
        insert.Add("@message", lease.ToByteArray());
        insert.Add("@manifest", WireNames.NameOf(lease.GetType())!);
        insert.Add("@serializer", ClusterNames.SerializerId);
        insert.ExecuteNonQuery();
    }
}
