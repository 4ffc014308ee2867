using System.Globalization;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Text;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>A number about a store.</summary>
/// <param name="IsSize">Whether it is a number of bytes.</param>
internal readonly record struct StoreFigure(string Name, long Value, bool IsSize)
{
    public string Text =>
        IsSize ? Sizes.Print(Value) : Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Measures what uses how much of a store.</summary>
internal sealed class StoreStats(NodeStore store, HomePaths paths)
{
    public async Task<IReadOnlyList<StoreFigure>> ReadAsync(CancellationToken cancel)
    {
        var figures = new List<StoreFigure>();
        await using var connection = await store.ConnectAsync(cancel);
        if (store.Place.DatabaseFile is { } file)
        {
            Size("journal", Length(file));
            Size("journal-wal", Length($"{file}-wal"));
            Size(
                "journal-free",
                await connection.NumberAsync("PRAGMA freelist_count", cancel)
                    * await connection.NumberAsync("PRAGMA page_size", cancel)
            );
            Size("outputs", Length(paths.OutputStore) + Length($"{paths.OutputStore}-wal"));
            Size("blobs", LengthBelow($"{paths.Store}/blobs"));
        }
        else
            Size(
                "database",
                await connection.NumberAsync("SELECT pg_database_size(current_database())", cancel)
            );
        Size("index", Length(paths.Index) + Length($"{paths.Index}-wal"));
        Size("attempts", LengthBelow(paths.Attempts));
        Count("rows", await connection.NumberAsync("SELECT count(*) FROM journal", cancel));
        Count("segments", (await new SegmentCatalog(store).ReadAsync(cancel)).Count);
        foreach (var (name, jobs) in JobsByStatus())
            Count($"jobs-{name}", jobs);
        return figures;

        void Size(string name, long bytes) => figures.Add(new StoreFigure(name, bytes, true));
        void Count(string name, long number) => figures.Add(new StoreFigure(name, number, false));
    }

    /// <summary>What the index of this home counts.</summary>
    private IEnumerable<(string Name, long Jobs)> JobsByStatus()
    {
        if (SqliteFile.IsEmpty(paths.Index))
            yield break;
        var statuses = Enum.GetValues<Status>().Where(status => status != Status.Unspecified);
        using var connection = SqliteCopy.Open(paths.Index, SqliteOpenMode.ReadWrite);
        foreach (var status in statuses)
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                $"SELECT coalesce(sum({SliceColumns.CountOf(status)}), 0) FROM slices";
            yield return (StatusNames.Of(status), (long)command.ExecuteScalar()!);
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static long LengthBelow(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder)
                .EnumerateFiles(
                    "*",
                    new EnumerationOptions
                    {
                        RecurseSubdirectories = true,
                        AttributesToSkip = FileAttributes.ReparsePoint,
                    }
                )
                .Sum(static file => file.Length)
            : 0;
}
