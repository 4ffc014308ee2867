namespace JobCloud.Protocol.Access;

/// <summary>Decides which connections an endpoint keeps. New ones take the place of the oldest that
/// have not authenticated, so strangers shut no one out. Not thread-safe.</summary>
public sealed class ConnectionTable(ConnectionLimits limits)
{
    private sealed class Connection(long id, string address)
    {
        public long Id => id;
        public string Address => address;

        /// <summary>Null: not authenticated.</summary>
        public string? User { get; set; }
        public bool IsAdmin { get; set; }
    }

    private readonly Dictionary<long, Connection> _open = [];
    private readonly Dictionary<string, LinkedList<Connection>> _strangers = [];
    private readonly Dictionary<string, int> _users = [];
    private int _strangerCount;
    private int _userCount;

    public int Count => _open.Count;

    /// <summary>Adds a connection that has not authenticated.</summary>
    /// <param name="dropped">The connection to close instead, if any; it is removed.</param>
    /// <returns>False: it is refused, because all others have authenticated.</returns>
    public bool TryOpen(long id, string address, out long? dropped)
    {
        dropped = null;
        if (_strangers.TryGetValue(address, out var own) && own.Count >= limits.StrangersPerAddress)
            dropped = own.First!.Value.Id;
        else if (_strangerCount >= limits.Strangers || _open.Count >= limits.Total)
            dropped = Largest()?.First!.Value.Id;
        if (dropped is { } old)
            Close(old);
        if (_open.Count >= limits.Total)
            return false;
        var connection = new Connection(id, address);
        _open[id] = connection;
        if (!_strangers.TryGetValue(address, out own))
            _strangers[address] = own = [];
        own.AddLast(connection);
        _strangerCount++;
        return true;
    }

    /// <summary>Records that a connection has authenticated; later calls change nothing.</summary>
    /// <returns>False: its user has too many, or it was dropped.</returns>
    public bool TryAuthenticate(long id, string user, bool isAdmin)
    {
        if (!_open.TryGetValue(id, out var connection))
            return false;
        if (connection.User is not null)
            return true;
        var count = _users.GetValueOrDefault(user);
        if (!isAdmin && (count >= limits.PerUser || _userCount >= limits.Users))
            return false;
        RemoveStranger(connection);
        (connection.User, connection.IsAdmin) = (user, isAdmin);
        if (isAdmin)
            return true;
        _users[user] = count + 1;
        _userCount++;
        return true;
    }

    /// <summary>Removes a connection; one that is unknown is ignored.</summary>
    public void Close(long id)
    {
        if (!_open.Remove(id, out var connection))
            return;
        if (connection.User is not { } user)
            RemoveStranger(connection);
        else if (!connection.IsAdmin)
        {
            _userCount--;
            if (--_users[user] == 0)
                _users.Remove(user);
        }
    }

    /// <summary>The connections of the address with the most that have not authenticated.</summary>
    private LinkedList<Connection>? Largest() =>
        _strangers.Values.MaxBy(static connections => connections.Count);

    private void RemoveStranger(Connection connection)
    {
        var own = _strangers[connection.Address];
        own.Remove(connection);
        if (own.Count == 0)
            _strangers.Remove(connection.Address);
        _strangerCount--;
    }
}
