using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>The drains in the store, one row each.</summary>
internal sealed class DrainTable(NodeStore store, TimeSpan within) : IDrainStore
{
    private const string Read = "SELECT node, asked_by, reason, since, stop_at FROM drains";

    private const string Upsert = """
        INSERT INTO drains (node, asked_by, reason, since, stop_at)
        VALUES (@node, @by, @reason, @since, @stop)
        ON CONFLICT (node) DO UPDATE SET asked_by = excluded.asked_by, reason = excluded.reason,
            since = excluded.since, stop_at = excluded.stop_at
        """;

    private const string Remove = "DELETE FROM drains WHERE node = @node";

    public Task<IReadOnlyList<Drain>> ReadAsync() =>
        DoAsync<IReadOnlyList<Drain>>(
            async (connection, cancel) =>
            {
                await using var read = Command(connection, Read);
                await using var rows = await read.ExecuteReaderAsync(cancel);
                var drains = new List<Drain>();
                while (await rows.ReadAsync(cancel))
                    drains.Add(
                        new Drain(
                            rows.GetString(0),
                            rows.GetString(1),
                            rows.GetString(2),
                            rows.GetInt64(3),
                            rows.GetInt64(4)
                        )
                    );
                return drains;
            }
        );

    public Task WriteAsync(string node, Drain? drain) =>
        DoAsync(
            async (connection, cancel) =>
            {
                await using var write = Command(connection, drain is null ? Remove : Upsert);
                write.Add("@node", node);
                if (drain is not null)
                {
                    write.Add("@by", drain.By);
                    write.Add("@reason", drain.Reason);
                    write.Add("@since", drain.Since);
                    write.Add("@stop", drain.StopAt);
                }
                return await write.ExecuteNonQueryAsync(cancel);
            }
        );

    // SQLite blocks the calling thread.
    private Task<T> DoAsync<T>(Func<DbConnection, CancellationToken, Task<T>> work) =>
        Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(within);
            await using var connection = await store.ConnectAsync(limit.Token);
            return await work(connection, limit.Token);
        });

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
