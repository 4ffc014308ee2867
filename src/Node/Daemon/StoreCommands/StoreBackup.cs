using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Homes;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>
/// Writes the state of a home into one file, while its node runs: the store with definitions,
/// tokens and the deny list; results; data of jobs; their output; the settings and the node's
/// names. Directories of jobs are not in it: their owners could put links to others' files there.
/// The node's identity, keys and certificates stay at home: a copy is another node, and a
/// backup must not be able to act as this one.
/// </summary>
internal sealed class StoreBackup(HomePaths paths, Action<string> progress)
{
    /// <summary>Files in the home that a backup has if they exist.</summary>
    private static readonly string[] Singles = ["jobcloud.conf", "node.names"];

    /// <summary>Folders in the home, with the files in their folders.</summary>
    private static readonly string[] Folders = ["store/blobs", "attempts"];

    /// <returns>What was written.</returns>
    /// <exception cref="CannotStartException">The backup failed; no file was changed.</exception>
    public async Task<BackupManifest> WriteAsync(
        string file,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (SqliteFile.IsEmpty(paths.Journal))
            throw new CannotStartException($"There is no store at {paths.Journal}.");
        var partial = $"{file}.partial";
        var (journal, outputs) = ($"{partial}.journal", $"{partial}.outputs");
        try
        {
            // The journal is last: what it refers to was there before it.
            if (File.Exists(paths.OutputStore))
                SqliteCopy.Copy(paths.OutputStore, outputs, Progress("results"), cancel);
            var manifest = await WriteAsync(partial, journal, outputs, now, cancel);
            File.Move(partial, file, overwrite: true);
            return manifest;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new CannotStartException($"The backup {file} cannot be written: {e.Message}");
        }
        finally
        {
            foreach (var left in new[] { partial, journal, outputs })
                File.Delete(left);
        }
    }

    private async Task<BackupManifest> WriteAsync(
        string partial,
        string journal,
        string outputs,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        await using var output = new FileStream(
            partial,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        await using var writer = new BackupWriter(output);
        var done = new HashSet<string>();
        await AddFoldersAsync(writer, done, cancel);
        SqliteCopy.Copy(paths.Journal, journal, Progress("jobs"), cancel);
        // What came while the journal was copied.
        await AddFoldersAsync(writer, done, cancel);
        await writer.AddAsync(journal, "store/journal.db", cancel);
        if (File.Exists(outputs))
            await writer.AddAsync(outputs, "store/outputs.db", cancel);
        foreach (var single in Singles)
            await writer.AddAsync($"{paths.Home}/{single}", single, cancel);
        var (id, version, highest) = StoreFacts.Read(journal);
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat,
            version,
            id,
            highest,
            now,
            writer.Files
        );
        await writer.EndAsync(manifest, cancel);
        await writer.DisposeAsync();
        output.Flush(flushToDisk: true);
        return manifest;
    }

    private async Task AddFoldersAsync(
        BackupWriter writer,
        HashSet<string> done,
        CancellationToken cancel
    )
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 1,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (var folder in Folders.Where(one => Directory.Exists($"{paths.Home}/{one}")))
        foreach (
            var found in new DirectoryInfo($"{paths.Home}/{folder}").EnumerateFiles("*", options)
        )
        {
            if (!done.Add(found.FullName))
                continue;
            progress($"files: {done.Count}");
            await writer.AddAsync(
                found.FullName,
                Path.GetRelativePath(paths.Home, found.FullName),
                cancel
            );
        }
    }

    private Action<long, long> Progress(string what) =>
        (done, all) => progress($"{what}: {100 * done / Math.Max(1, all)} %");
}
