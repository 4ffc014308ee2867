using System.Data.Common;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Who a node is, as the store is told.</summary>
/// <param name="Session">Of its actor system: the uid of its address.</param>
internal sealed record NodeIdentity(
    string Name,
    string Address,
    int Session,
    IReadOnlyList<string> Roles
)
{
    /// <summary>Of its home; empty: any.</summary>
    public string Home { get; init; } = "";

    /// <summary>Of the program.</summary>
    public static string Version { get; } =
        typeof(NodeIdentity).Assembly.GetName().Version!.ToString(fieldCount: 3);
}

/// <summary>The nodes of the cloud as the store has them. All of it fails with a
/// <see cref="DbException"/> or a <see cref="TimeoutException"/> while the store is away.</summary>
internal sealed class NodeRegistry
{
    // A node says every second or so that it lives.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly NodeStore _store;

    private NodeRegistry(NodeStore store) => _store = store;

    /// <summary>Makes sure of the tables.</summary>
    /// <exception cref="CannotStartException">The store says no.</exception>
    public static async Task<NodeRegistry> OpenAsync(NodeStore store, CancellationToken cancel)
    {
        try
        {
            await using var connection = await store.ConnectAsync(cancel);
            await using var create = connection.CreateCommand();
            create.CommandText = MembershipTables.Create;
            await create.ExecuteNonQueryAsync(cancel);
            return new NodeRegistry(store);
        }
        catch (DbException e)
        {
            throw new CannotStartException(
                $"The store ({store.Description}) cannot be used: {e.Message}"
            );
        }
    }

    /// <summary>Takes the place of the node's earlier session, if there was one.</summary>
    /// <exception cref="CannotStartException">A node of that name lives elsewhere.</exception>
    public async Task RegisterAsync(NodeIdentity node, CancellationToken cancel)
    {
        var first = await NamesakeAsync(node, cancel);
        for (var other = first; other is not null; other = await NamesakeAsync(node, cancel))
        {
            // One that has just died says no more.
            if (other.Value.LastSeen > first!.Value.LastSeen)
                throw new CannotStartException(
                    $"A node named {node.Name} runs already at {other.Value.Address}; "
                        + "give this one another name (--name), or stop that one."
                );
            await Task.Delay(LookAgain, cancel);
        }
        await ChangeAsync(
            MembershipTables.Register,
            cancel,
            ("@name", node.Name),
            ("@address", node.Address),
            ("@session", node.Session),
            ("@roles", string.Join(' ', node.Roles)),
            ("@version", NodeIdentity.Version),
            ("@home", node.Home)
        );
    }

    private Task<(string Address, double LastSeen)?> NamesakeAsync(
        NodeIdentity node,
        CancellationToken cancel
    ) =>
        FirstAsync<(string, double)?>(
            MembershipTables.Namesake,
            static row => (row.GetString(0), row.GetDouble(1)),
            cancel,
            ("@name", node.Name),
            ("@home", node.Home),
            ("@silent", Quiet.TotalSeconds)
        );

    public Task<List<NodeRow>> OthersAsync(string name, CancellationToken cancel) =>
        RowsAsync(
            MembershipTables.Others,
            static row => new NodeRow(
                row.GetString(0),
                row.GetString(1),
                row.GetInt32(2),
                row.GetBoolean(3),
                TimeSpan.FromSeconds(row.GetDouble(4))
            ),
            cancel,
            ("@name", name)
        );

    /// <summary>False: another session took the node's place, or it was put out of the
    /// cloud.</summary>
    /// <param name="alone">No other member decides with it, and it has not left.</param>
    public async Task<bool> BeatAsync(
        NodeIdentity node,
        bool member,
        CancellationToken cancel,
        bool alone = true
    ) =>
        await ChangeAsync(
            MembershipTables.Beat,
            cancel,
            ("@name", node.Name),
            ("@session", node.Session),
            ("@member", member),
            ("@alone", alone)
        ) > 0;

    public Task<List<NodeTrace>> TracesAsync(CancellationToken cancel) =>
        RowsAsync(
            MembershipTables.Traces,
            static row => new NodeTrace(
                row.GetString(0),
                row.GetBoolean(1),
                row.GetBoolean(2),
                TimeSpan.FromSeconds(row.GetDouble(3))
            ),
            cancel
        );

    /// <summary>Makes this node the first of the cloud; false: a member spoke within
    /// <paramref name="silent"/>.</summary>
    public async Task<bool> FormAsync(NodeIdentity node, TimeSpan silent, CancellationToken cancel)
    {
        await using var connection = await _store.ConnectAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var alone = Command(connection, MembershipTables.FormLock);
        await alone.ExecuteNonQueryAsync(cancel);
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

    /// <summary>Has the store confirm a removed node no more; null: it has never heard of the
    /// node.</summary>
    /// <param name="session">The session that was removed; another one is put out if it was silent
    /// for <paramref name="silent"/>.</param>
    public Task<DepartureWord?> PutOutAsync(
        string name,
        int session,
        TimeSpan silent,
        CancellationToken cancel
    ) =>
        FirstAsync<DepartureWord?>(
            MembershipTables.PutOut,
            static row => new(row.GetBoolean(0), TimeSpan.FromSeconds(row.GetDouble(1))),
            cancel,
            ("@name", name),
            ("@session", session),
            ("@silent", silent.TotalSeconds)
        );

    /// <summary>False: another one has it.</summary>
    public async Task<bool> TakeLeaseAsync(
        string lease,
        string owner,
        TimeSpan life,
        CancellationToken cancel
    ) =>
        await ChangeAsync(
            MembershipTables.TakeLease,
            cancel,
            ("@name", lease),
            ("@owner", owner),
            ("@seconds", life.TotalSeconds)
        ) > 0;

    public Task GiveLeaseAsync(string lease, string owner, CancellationToken cancel) =>
        ChangeAsync(MembershipTables.GiveLease, cancel, ("@name", lease), ("@owner", owner));

    private async Task<int> ChangeAsync(
        string sql,
        CancellationToken cancel,
        params (string Name, object Value)[] values
    )
    {
        await using var connection = await _store.ConnectAsync(cancel);
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
        await using var connection = await _store.ConnectAsync(cancel);
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
