using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>Checks a store, also while nodes use it: the files, each segment with its invariants,
/// and the index against the journal.</summary>
internal sealed class StoreCheck(NodeStore store, HomePaths paths, Action<string> progress)
{
    private const string Restore = "restore a backup with 'jobcloud store restore'";

    /// <summary>What is wrong, as sentences; empty: nothing.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancel)
    {
        var findings = new List<string>();
        if (store.Place.DatabaseFile is { } file)
        {
            findings.AddRange(Integrity(file, Restore));
            findings.AddRange(
                Integrity(paths.OutputStore, "move it away to go on without these results")
            );
            findings.AddRange(Integrity(paths.Index, "move it away; the next start rebuilds it"));
        }
        await using var connection = await store.ConnectAsync(cancel);
        var heads = await new SegmentCatalog(store).ReadAsync(cancel);
        for (var i = 0; i < heads.Count; i++)
        {
            progress($"segments: {i} of {heads.Count}");
            var (segment, damage) = await SegmentFold.ReadAsync(
                connection,
                heads[i].Segment,
                cancel
            );
            foreach (var broken in damage is null ? Invariants.Broken(segment) : [damage])
                findings.Add(
                    $"Jobs {Math.Max(1, Segments.First(heads[i].Segment))}-"
                        + $"{Segments.Last(heads[i].Segment)}: {broken}; {Restore}."
                );
        }
        if (
            StoreSteps.Behind(
                IndexMemory.Read(paths.Index),
                heads.ToDictionary(head => head.Segment, head => head.SequenceNr)
            ) is
            { } behind
        )
            findings.Add(
                $"The index {paths.Index} knows change {behind.SequenceNr} of segment "
                    + $"{behind.Segment}, which the store lacks: the store is older; {Restore} that "
                    + "is newer, or start with 'jobcloud node start --older-store'."
            );
        return findings;
    }

    private static IEnumerable<string> Integrity(string file, string what)
    {
        if (SqliteFile.IsEmpty(file))
            return [];
        var found = new List<string>();
        try
        {
            using var connection = SqliteCopy.Open(file, SqliteOpenMode.ReadWrite);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(10)";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                if (reader.GetString(0) is not "ok" and var sentence)
                    found.Add($"The file {file} is damaged: {sentence}; {what}.");
        }
        catch (SqliteException e)
        {
            found.Add($"The file {file} is damaged: {e.Message.TrimEnd('.')}; {what}.");
        }
        return found;
    }
}
