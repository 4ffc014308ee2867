using System.Globalization;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A socket that a process holds open.</summary>
/// <param name="Namespace">Its network namespace, see <see cref="NetNamespace"/>.</param>
internal readonly record struct FoundSocket(BoundSocket Socket, string Namespace, int Pid)
{
    public bool IsIsolated => Namespace != NetNamespace.Own;
}

/// <summary>One scan of the listening sockets of processes: matches their open sockets with the
/// tables of their network namespaces, each of which is read once. Not thread-safe.</summary>
internal sealed class SocketScan
{
    /// <summary>Maximum number of reported ports per job, and of forwarded ones; TCP comes first,
    /// then by number.</summary>
    public const int PortsMax = 100;

    /// <summary>Maximum number of open files scanned per job.</summary>
    private const int DescriptorsMax = 20_000;

    /// <summary>Maximum number of bytes read of a kernel socket table, which lists listening
    /// sockets first.</summary>
    private const int TableBytesMax = 16 << 20;

    private const string Prefix = "socket:[";

    private static readonly (string File, Transport Transport)[] Tables =
    [
        ("tcp", Transport.Tcp),
        ("tcp6", Transport.Tcp),
        ("udp", Transport.Udp),
        ("udp6", Transport.Udp),
    ];

    private readonly Dictionary<string, Dictionary<long, BoundSocket>> _tables = [];
    private bool _unreadable;

    /// <summary>The most reachable socket of each port of these processes, ordered by transport and
    /// port.</summary>
    /// <param name="unreadable">Whether some processes cannot be inspected.</param>
    public IReadOnlyList<FoundSocket> Of(IReadOnlyList<int> pids, out bool unreadable)
    {
        var seen = new List<FoundSocket>();
        var left = DescriptorsMax;
        _unreadable = false;
        foreach (var pid in pids)
        {
            if (NetNamespace.Of(pid) is not { } place)
                _unreadable |= Libc.Errno == Libc.EACCES;
            else if (TableOf(place, pid) is { Count: > 0 } table)
                Add(pid, place, table, ref left, seen);
        }
        unreadable = _unreadable;
        return
        [
            .. seen.OrderBy(s => s.IsIsolated)
                .ThenBy(s => PortReachability.Rank(s.Socket.Address))
                .DistinctBy(s => (s.Socket.Transport, s.Socket.Port))
                .OrderBy(s => (s.Socket.Transport, s.Socket.Port))
                .Take(PortsMax),
        ];
    }

    private void Add(
        int pid,
        string place,
        Dictionary<long, BoundSocket> table,
        ref int left,
        List<FoundSocket> seen
    )
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles($"/proc/{pid}/fd"))
            {
                if (left-- <= 0)
                    return;
                if (
                    InodeOf(Libc.ReadLink(path)) is { } inode
                    && table.TryGetValue(inode, out var s)
                )
                    seen.Add(new(s, place, pid));
            }
        }
        catch (UnauthorizedAccessException)
        {
            _unreadable = true;
        }
        catch (IOException)
        {
            // The process has just exited.
        }
    }

    private static long? InodeOf(string? link) =>
        link is not null
        && link.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(
            link.AsSpan(Prefix.Length, link.Length - Prefix.Length - 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var inode
        )
            ? inode
            : null;

    private Dictionary<long, BoundSocket> TableOf(string place, int pid)
    {
        if (_tables.TryGetValue(place, out var table))
            return table;
        table = [];
        foreach (var (file, transport) in Tables)
        {
            foreach (var socket in SocketTable.Parse(Read($"/proc/{pid}/net/{file}"), transport))
                table[socket.Inode] = socket;
        }
        // A process that has just exited shows no tables, so its result is not kept.
        if (NetNamespace.Of(pid) == place)
            _tables[place] = table;
        return table;
    }

    /// <summary>Reads a table; empty: the process has just exited, or the kernel has no
    /// IPv6.</summary>
    private ReadOnlySpan<byte> Read(string file)
    {
        try
        {
            using var table = new FileStream(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                0
            );
            var text = new byte[64 << 10];
            var length = 0;
            int count;
            while ((count = table.Read(text.AsSpan(length))) > 0)
            {
                length += count;
                if (length == TableBytesMax)
                    break;
                if (length == text.Length)
                    Array.Resize(ref text, Math.Min(2 * length, TableBytesMax));
            }
            return text.AsSpan(0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
