using System.Net.Sockets;

namespace JobCloud.ClusterPort;

/// <summary>The incoming connections that have not yet shown an accepted certificate. Each has a
/// time limit; when there are too many, the oldest is closed, so that a stranger's idle connections
/// do not keep members out. Thread-safe.</summary>
internal sealed class Handshakes(int most)
{
    private readonly LinkedList<Socket> _open = [];

    /// <summary>Adds a connection.</summary>
    /// <returns>Its entry, for <see cref="Remove"/>.</returns>
    public LinkedListNode<Socket> Add(Socket socket)
    {
        Socket? oldest = null;
        LinkedListNode<Socket> entry;
        lock (_open)
        {
            if (_open.Count >= most)
            {
                oldest = _open.First!.Value;
                _open.RemoveFirst();
            }
            entry = _open.AddLast(socket);
        }
        oldest?.Dispose();
        return entry;
    }

    public void Remove(LinkedListNode<Socket> entry)
    {
        lock (_open)
            if (entry.List is not null)
                _open.Remove(entry);
    }

    /// <summary>Closes all.</summary>
    public void Close()
    {
        Socket[] all;
        lock (_open)
            all = [.. _open];
        foreach (var socket in all)
            socket.Dispose();
    }
}
