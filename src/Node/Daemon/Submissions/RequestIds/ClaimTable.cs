using System.Data.Common;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Submissions.RequestIds;

/// <summary>
/// The request IDs under which nodes are submitting now, as rows in the store. A claim is
/// short-lived and need not survive a crash of the store, so the table is unlogged and costs no
/// flush.
/// </summary>
/// <param name="life">A claim's lifetime; after it, a submission that was never answered can no
/// longer be committed.</param>
internal sealed class ClaimTable(NodeStore store, NodeIdentity self, TimeSpan life)
{
    private const string Create = """
        BEGIN;
        LOCK TABLE jobcloud_store IN SHARE ROW EXCLUSIVE MODE;
        CREATE UNLOGGED TABLE IF NOT EXISTS claims (
            owner TEXT COLLATE "C" NOT NULL,
            token TEXT COLLATE "C" NOT NULL,
            node TEXT NOT NULL,
            session INTEGER NOT NULL,
            since TIMESTAMPTZ NOT NULL,
            PRIMARY KEY (owner, token)
        );
        COMMIT;
        """;

    /// <summary>Another node may take over a claim whose node was removed or that has expired. Its
    /// own node may always take it again: it has one submission per ID at a time.</summary>
    private const string Take = """
        INSERT INTO claims (owner, token, node, session, since)
        SELECT wanted.owner, wanted.token, @node, @session, clock_timestamp()
        FROM unnest(@owners, @tokens) AS wanted (owner, token)
        ON CONFLICT (owner, token) DO UPDATE
        SET node = excluded.node, session = excluded.session, since = excluded.since
        WHERE (claims.node = @node AND claims.session = @session)
            OR claims.since < clock_timestamp() - @life * INTERVAL '1 second'
            OR NOT EXISTS (
                SELECT 1 FROM nodes
                WHERE name = claims.node AND nodes.session = claims.session AND NOT gone
            )
        RETURNING owner, token
        """;

    private const string Give = """
        DELETE FROM claims WHERE node = @node AND session = @session
            AND (owner, token) IN (SELECT * FROM unnest(@owners, @tokens))
        """;

    /// <summary>Creates the table if it is missing.</summary>
    /// <exception cref="CannotStartException">The store cannot be used.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = await store.ConnectAsync(cancel);
            await using var create = connection.CreateCommand();
            create.CommandText = Create;
            await create.ExecuteNonQueryAsync(cancel);
        }
        catch (DbException e)
        {
            throw new CannotStartException(
                $"The store ({store.Description}) cannot be used: {e.Message}"
            );
        }
    }

    /// <summary>Claims request IDs; returns those that this node now holds.</summary>
    public async Task<IReadOnlySet<RequestKey>> AcquireAsync(
        IReadOnlyCollection<RequestKey> keys,
        CancellationToken cancel
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = Command(connection, Take, keys);
        command.Add("@life", life.TotalSeconds);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var taken = new HashSet<RequestKey>();
        while (await rows.ReadAsync(cancel))
            taken.Add(new(rows.GetString(0), rows.GetString(1)));
        return taken;
    }

    public async Task ReleaseAsync(IReadOnlyCollection<RequestKey> claims, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = Command(connection, Give, claims);
        await command.ExecuteNonQueryAsync(cancel);
    }

    // The same order on every node prevents deadlocks.
    private DbCommand Command(DbConnection connection, string sql, IEnumerable<RequestKey> keys)
    {
        var ordered = keys.OrderBy(key => key.Owner, StringComparer.Ordinal)
            .ThenBy(key => key.RequestId, StringComparer.Ordinal)
            .ToArray();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Add("@node", self.Name);
        command.Add("@session", self.Session);
        command.Add("@owners", ordered.Select(key => key.Owner).ToArray());
        command.Add("@tokens", ordered.Select(key => key.RequestId).ToArray());
        return command;
    }
}
