using System.Data.Common;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>A node's identity in the store.</summary>
/// <param name="Session">The uid of its actor system's address.</param>
internal sealed record NodeIdentity(
    string Name,
    string Address,
    int Session,
    IReadOnlyList<string> Roles
)
{
    /// <summary>The ID of its home; empty: any home.</summary>
    public string Home { get; init; } = "";

    /// <summary>Where that home lies, which a copy of it does not share; empty: not
    /// known.</summary>
    public string Place { get; init; } = "";

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(NodeIdentity).Assembly.GetName().Version!.ToString(fieldCount: 3);
}

/// <summary>The cloud's nodes in the store. Every method fails with a <see cref="DbException"/> or
/// a <see cref="TimeoutException"/> while the store is unavailable.</summary>
internal sealed class NodeRegistry(NodeStore store)
{
    // Several heartbeats long; a node sends one about every second.
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Registers the node; it replaces its earlier session, if any.</summary>
    /// <exception cref="CannotStartException">A node of that name runs elsewhere.</exception>
    public async Task RegisterAsync(NodeIdentity node, CancellationToken cancel)
    {
        var first = await NamesakeAsync(node, cancel);
        for (var other = first; other is not null; other = await NamesakeAsync(node, cancel))
        {
            // A node that has just died sends no more heartbeats.
            if (other.Value.LastSeen > first!.Value.LastSeen)
                throw new CannotStartException(
                    other.Value.IsCopy
                        ? $"This home is a copy of that of node {node.Name}, which is running at "
                            + $"{other.Value.Address}; delete run/node.id in this home and give this "
                            + "node another name (--name), or stop that one."
                        : $"A node named {node.Name} is already running at {other.Value.Address}; "
                            + "give this node another name (--name) or stop that one."
                );
            await Task.Delay(PollInterval, cancel);
        }
        await ChangeAsync(
            MembershipTables.Register,
            cancel,
            ("@name", node.Name),
            ("@address", node.Address),
            ("@session", node.Session),
            ("@roles", string.Join(' ', node.Roles)),
            ("@version", NodeIdentity.Version),
            ("@home", node.Home),
            ("@place", node.Place)
        );
    }

    private Task<(string Address, double LastSeen, bool IsCopy)?> NamesakeAsync(
        NodeIdentity node,
        CancellationToken cancel
    ) =>
        FirstAsync<(string, double, bool)?>(
            MembershipTables.Namesake,
            static row => (row.GetString(0), row.GetDouble(1), row.GetBoolean(2)),
            cancel,
            ("@name", node.Name),
            ("@home", node.Home),
            ("@place", node.Place),
            ("@silent", SilentAfter.TotalSeconds)
        );

    public Task<List<StoredNode>> OthersAsync(string name, CancellationToken cancel) =>
        RowsAsync(
            MembershipTables.Others,
            static row => new StoredNode(
                row.GetString(0),
                row.GetString(1),
                row.GetInt32(2),
                row.GetBoolean(3),
                TimeSpan.FromSeconds(row.GetDouble(4))
            ),
            cancel,
            ("@name", name)
        );

    /// <summary>Records a heartbeat. False: another session took the node's place, or the node was
    /// removed.</summary>
    /// <param name="alone">The node is the only member and has not left.</param>
    public async Task<bool> HeartbeatAsync(
        NodeIdentity node,
        bool member,
        CancellationToken cancel,
        bool alone = true
    ) =>
        await ChangeAsync(
            MembershipTables.Heartbeat,
            cancel,
            ("@name", node.Name),
            ("@session", node.Session),
            ("@member", member),
            ("@alone", alone)
        ) > 0;

    public Task<List<StoredNodeState>> TracesAsync(CancellationToken cancel) =>
        RowsAsync(
            MembershipTables.Traces,
            static row => new StoredNodeState(
                row.GetString(0),
                row.GetBoolean(1),
                row.GetBoolean(2),
                TimeSpan.FromSeconds(row.GetDouble(3))
            ),
            cancel
        );

    /// <summary>Forms the cloud with this node as its first member. False: a member sent a
    /// heartbeat within <paramref name="silent"/>.</summary>
    public async Task<bool> FormAsync(NodeIdentity node, TimeSpan silent, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var formLock = Command(connection, MembershipTables.FormLock);
        await formLock.ExecuteNonQueryAsync(cancel);
        await using var form = Command(
            connection,
            MembershipTables.Form,
            ("@name", node.Name),
            ("@session", node.Session),
            ("@silent", silent.TotalSeconds)
        );
        var formed = await form.ExecuteNonQueryAsync(cancel) > 0;
        await transaction.CommitAsync(cancel);
        return formed;
    }

    /// <summary>Marks a removed node in the store, so that the store no longer confirms it. Null:
    /// the store has no such node.</summary>
    /// <param name="session">The session that the cluster removed; another one is marked if it was
    /// silent for <paramref name="silent"/>.</param>
    public Task<RemovedNodeState?> MarkRemovedAsync(
        string name,
        int session,
        TimeSpan silent,
        CancellationToken cancel
    ) =>
        FirstAsync<RemovedNodeState?>(
            MembershipTables.MarkRemoved,
            static row => new(row.GetBoolean(0), TimeSpan.FromSeconds(row.GetDouble(1))),
            cancel,
            ("@name", name),
            ("@session", session),
            ("@silent", silent.TotalSeconds)
        );

    /// <summary>Acquires or renews a lease. False: another owner holds it.</summary>
    public async Task<bool> AcquireLeaseAsync(
        string lease,
        string owner,
        TimeSpan life,
        CancellationToken cancel
    ) =>
        await ChangeAsync(
            MembershipTables.AcquireLease,
            cancel,
            ("@name", lease),
            ("@owner", owner),
            ("@seconds", life.TotalSeconds)
        ) > 0;

    public Task ReleaseLeaseAsync(string lease, string owner, CancellationToken cancel) =>
        ChangeAsync(MembershipTables.ReleaseLease, cancel, ("@name", lease), ("@owner", owner));

    private async Task<int> ChangeAsync(
        string sql,
        CancellationToken cancel,
        params (string Name, object Value)[] values
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<T?> FirstAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancel,
        params (string Name, object Value)[] values
    ) => (await RowsAsync(sql, read, cancel, values)).FirstOrDefault();

    private async Task<List<T>> RowsAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancel,
        params (string Name, object Value)[] values
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows;
    }

    private static DbCommand Command(
        DbConnection connection,
        string sql,
        params (string Name, object Value)[] values
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Add(name, value);
        return command;
    }
}
