using System.Net.Sockets;
using Npgsql;

namespace JobCloud.Node.Tests.Membership;

/// <summary>A way to the store that can be cut: one node uses it, the others do not.</summary>
internal sealed class StoreRelay : IDisposable
{
    private const string SocketName = ".s.PGSQL.5432";

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-relay-").FullName;
    private readonly string _store;
    private readonly Socket _listener;
    private readonly List<Socket> _open = [];
    private bool _isCut;

    /// <param name="connection">The connection string of a store on a unix socket.</param>
    public StoreRelay(string connection)
    {
        var store = new NpgsqlConnectionStringBuilder(connection);
        _store = $"{store.Host}/{SocketName}";
        Connection = new NpgsqlConnectionStringBuilder(connection)
        {
            Host = _folder,
        }.ConnectionString;
        _listener = NewSocket();
        _listener.Bind(new UnixDomainSocketEndPoint($"{_folder}/{SocketName}"));
        _listener.Listen();
        _ = AcceptAsync();
    }

    /// <summary>The connection string of this way.</summary>
    public string Connection { get; }

    /// <summary>Closes all connections, and each further one at once.</summary>
    public void Cut()
    {
        lock (_open)
        {
            _isCut = true;
            foreach (var socket in _open)
                socket.Dispose();
            _open.Clear();
        }
    }

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                Relay(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The relay is disposed.
        }
    }

    private void Relay(Socket client)
    {
        lock (_open)
        {
            if (_isCut)
            {
                client.Dispose();
                return;
            }
            var server = NewSocket();
            server.Connect(new UnixDomainSocketEndPoint(_store));
            _open.AddRange([client, server]);
            _ = CopyAsync(client, server);
            _ = CopyAsync(server, client);
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The connection is cut.
        }
        from.Dispose();
        to.Dispose();
    }

    private static Socket NewSocket() =>
        new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
