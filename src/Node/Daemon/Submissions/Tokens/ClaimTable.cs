using System.Data.Common;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Submissions.Tokens;

/// <summary>
/// The tokens under which nodes submit at this moment, as rows of the store. A row is the word of a
/// live node for a short time: it need not survive the store's own crash, and so costs it no flush.
/// </summary>
/// <param name="life">After this nothing can come any more of a submission that was never
/// answered.</param>
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

    /// <summary>A claim falls to another one when its node has died, or has never said what came of
    /// it. The node itself knows, and has one submission at a time.</summary>
    private const string Take = """
        INSERT INTO claims (owner, token, node, session, since)
        SELECT wish.owner, wish.token, @node, @session, clock_timestamp()
        FROM unnest(@owners, @tokens) AS wish (owner, token)
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

    /// <summary>Makes sure of the table.</summary>
    /// <exception cref="CannotStartException">The store says no.</exception>
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

    /// <summary>Those of the wishes that are now this node's.</summary>
    public async Task<IReadOnlySet<TokenKey>> TakeAsync(
        IReadOnlyCollection<TokenKey> wishes,
        CancellationToken cancel
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = Command(connection, Take, wishes);
        command.Add("@life", life.TotalSeconds);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var taken = new HashSet<TokenKey>();
        while (await rows.ReadAsync(cancel))
            taken.Add(new(rows.GetString(0), rows.GetString(1)));
        return taken;
    }

    public async Task GiveAsync(IReadOnlyCollection<TokenKey> claims, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = Command(connection, Give, claims);
        await command.ExecuteNonQueryAsync(cancel);
    }

    // In one order at every node, so that no two wait for each other.
    private DbCommand Command(DbConnection connection, string sql, IEnumerable<TokenKey> keys)
    {
        var ordered = keys.OrderBy(key => key.Owner, StringComparer.Ordinal)
            .ThenBy(key => key.Token, StringComparer.Ordinal)
            .ToArray();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Add("@node", self.Name);
        command.Add("@session", self.Session);
        command.Add("@owners", ordered.Select(key => key.Owner).ToArray());
        command.Add("@tokens", ordered.Select(key => key.Token).ToArray());
        return command;
    }
}
