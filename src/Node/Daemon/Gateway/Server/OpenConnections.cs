using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Access;
using Microsoft.AspNetCore.Connections;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>The open connections of an endpoint, within its limits.</summary>
/// <param name="endpoint">Names the endpoint in the log.</param>
internal sealed class OpenConnections(string endpoint, ConnectionLimits limits, NodeLog log)
{
    private readonly Lock _lock = new();
    private readonly ConnectionTable _table = new(limits);
    private readonly Dictionary<long, ConnectionPlace> _places = [];
    private long _next;

    public ConnectionLimits Limits => limits;

    public int Count
    {
        get
        {
            lock (_lock)
                return _places.Count;
        }
    }

    /// <summary>Gives a connection a place until it is disposed of. A connection that takes its
    /// place later closes it. Returns null if there is none.</summary>
    public ConnectionPlace? Enter(ConnectionContext connection, string address)
    {
        ConnectionPlace? dropped = null;
        ConnectionPlace? place = null;
        lock (_lock)
        {
            var id = ++_next;
            if (_table.TryOpen(id, address, out var old))
                _places[id] = place = new ConnectionPlace(this, id, connection);
            if (old is { } closed)
                _places.Remove(closed, out dropped);
        }
        dropped?.Abort();
        if (place is null || dropped is not null)
            log.WriteRateLimited(
                LogLevel.Warning,
                "gateway",
                place is null
                    ? $"{endpoint} refused a connection from {address}: it has {limits.Total}, its limit."
                    : $"{endpoint} closed the oldest connection without a valid token for one from {address}."
            );
        return place;
    }

    /// <summary>The place of one connection.</summary>
    internal sealed class ConnectionPlace(
        OpenConnections all,
        long id,
        ConnectionContext connection
    ) : IDisposable
    {
        private volatile bool _isIn;

        /// <summary>Keeps the connection open for a user. Returns false if the user has too
        /// many.</summary>
        public bool TryAuthenticate(string user, bool isAdmin)
        {
            lock (all._lock)
                return _isIn = all._table.TryAuthenticate(id, user, isAdmin);
        }

        /// <summary>Closes the connection unless it authenticates in time.</summary>
        public async Task CloseStrangerAsync(TimeSpan within, CancellationToken closed)
        {
            await Task.Delay(within, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_isIn)
                Abort();
        }

        public void Abort() => connection.Abort();

        public void Dispose()
        {
            lock (all._lock)
            {
                all._table.Close(id);
                all._places.Remove(id);
            }
        }
    }
}
