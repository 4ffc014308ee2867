using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Notation;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>What an index file tells about its store before it is opened for use.</summary>
internal static class IndexMemory
{
    private const int NoSuchTable = 1;
    private const string Last = "SELECT last FROM slices ORDER BY first DESC LIMIT 1";
    private const string LastSegment = "SELECT max(segment) FROM segments";

    /// <summary>Jobs whose data is erased have no slice.</summary>
    private const string Highest = "SELECT max(highest) FROM segments";
    private const string Newest =
        "SELECT segment, sequence_nr FROM segments ORDER BY segment DESC LIMIT 100";
    private const string Store = "SELECT id FROM store";

    /// <summary>Reads the file; one that is missing or unreadable tells nothing, and one of an
    /// earlier version not the store's ID.</summary>
    public static KnownStore Read(string path)
    {
        if (!File.Exists(path))
            return KnownStore.None;
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Mode = SqliteOpenMode.ReadWrite,
                    Pooling = false,
                }.ToString()
            );
            connection.Open();
            var highest = Ask(connection, Last) as long? ?? 0;
            if (Ask(connection, LastSegment) is long segment)
                highest = Math.Max(highest, Math.Max(1, Segments.First(segment)));
            if (Ask(connection, Highest) is long jid)
                highest = Math.Max(highest, jid);
            return new KnownStore(
                Ask(connection, Store) as string ?? "",
                highest,
                NewestIn(connection)
            );
        }
        catch (SqliteException)
        {
            return KnownStore.None;
        }
    }

    private static List<KnownSegment> NewestIn(SqliteConnection connection)
    {
        var newest = new List<KnownSegment>();
        using var command = connection.CreateCommand();
        command.CommandText = Newest;
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
                newest.Add(new(reader.GetInt64(0), reader.GetInt64(1)));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == NoSuchTable)
        {
            // A file of an earlier version; the index is rebuilt.
        }
        return newest;
    }

    /// <summary>The first value; null: there is none, or the table does not exist.</summary>
    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            return command.ExecuteScalar();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == NoSuchTable)
        {
            // It also stands for a missing column.
            return null;
        }
    }
}
