using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Allocation;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Membership;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>What the file of an embedded store tells about itself.</summary>
/// <param name="Highest">The highest jid that may have been given out.</param>
internal readonly record struct StoreFacts(string Id, long Version, long Highest)
{
    public static StoreFacts Read(string journal)
    {
        using var connection = SqliteCopy.Open(journal, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT min(cloud_id), max(version) FROM jobcloud_store";
        var (id, version) = ("", 0L);
        using (var mark = command.ExecuteReader())
            if (mark.Read() && !mark.IsDBNull(0))
                (id, version) = (mark.GetString(0), mark.GetInt64(1));
        return new StoreFacts(id, version, Leases(connection).Last);
    }

    /// <summary>The jids that nodes may give out.</summary>
    public static JidLeases Leases(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT message FROM journal WHERE persistence_id = @id ORDER BY sequence_number";
        command.Add("@id", ClusterNames.AllocatorId);
        var leases = JidLeases.None;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            leases = leases.Evolve(RangeLeased.Parser.ParseFrom((byte[])reader[0]));
        return leases;
    }
}
