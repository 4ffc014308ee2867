using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>The forwarded ports of all jobs: opened when a client asks for a job's ports, closed
/// with the job. Thread-safe.</summary>
/// <param name="run">The directory for temporary unix sockets.</param>
/// <param name="childAdded">Called when the executor has a new child.</param>
internal sealed class PortForwards(string run, PortLimits limits, Action childAdded) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly NamespaceSocketFactory _sockets = new(run, childAdded);
    private readonly Dictionary<AttemptId, JobForwards> _jobs = [];
    private int _nextOffset;

    /// <summary>Returns the address at which clients reach an isolated socket, or the reason for
    /// being unreachable; null: the socket has just closed.</summary>
    /// <param name="node">The address by which clients reach this machine.</param>
    public async Task<JobPort?> ReachAsync(AttemptId id, FoundSocket seen, string node)
    {
        var bound = seen.Socket;
        JobNetwork network;
        lock (_gate)
        {
            if (!_jobs.TryGetValue(id, out var job))
                _jobs[id] = job = new();
            if (job.Forwards.TryGetValue((seen.Namespace, bound with { Inode = 0 }), out var known))
                return Reached(bound, known.Port, node);
            if (job.Forwards.Count >= SocketScan.PortsMax)
                return Unreached(
                    bound,
                    $"the job already has {SocketScan.PortsMax} forwarded ports"
                );
            if (!job.Networks.TryGetValue(seen.Namespace, out network!))
            {
                if (NetNamespace.Open(seen.Pid, seen.Namespace) is not { } place)
                    return null;
                job.Networks[seen.Namespace] = network = new(_sockets, place);
            }
        }
        if (!await network.CanEnterAsync())
            return Unreached(
                bound,
                "the job's network is isolated, and the node's user has no permission to enter it"
            );
        lock (_gate)
        {
            if (!_jobs.TryGetValue(id, out var job))
                return null;
            if (Open(network, bound, node) is not { } forward)
                return Unreached(
                    bound,
                    $"no port in {limits.RangeFirst}-{limits.RangeLast} is free on the node"
                );
            job.Forwards[(seen.Namespace, bound with { Inode = 0 })] = forward;
            return Reached(bound, forward.Port, node);
        }
    }

    /// <summary>Closes the forwards of an ended job.</summary>
    public void Close(AttemptId id)
    {
        lock (_gate)
        {
            if (_jobs.Remove(id, out var job))
                job.Close();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var job in _jobs.Values)
                job.Close();
            _jobs.Clear();
        }
        _sockets.Dispose();
    }

    /// <summary>Opens a forward on a free port of the range; null: none is free. Each search begins
    /// after the last assigned port, so that a port rests before another job gets it.</summary>
    private PortForward? Open(JobNetwork network, BoundSocket bound, string node)
    {
        var address =
            !PortReachability.IsReachableByOthers(bound.Address, node) ? IPAddress.Loopback
            : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any
            : IPAddress.Any;
        var range = new PortRange(limits.RangeFirst, limits.RangeLast);
        for (var tried = 0; tried < range.Count; tried++)
        {
            var end = new IPEndPoint(address, range.First + _nextOffset++ % range.Count);
            PortForward? forward =
                bound.Transport == Transport.Udp
                    ? UdpForward.Open(end, network, bound, limits)
                    : TcpForward.Open(end, network, bound, limits);
            if (forward is not null)
                return forward;
        }
        return null;
    }

    private static JobPort Reached(BoundSocket bound, int port, string node) =>
        new()
        {
            Transport = bound.Transport,
            Port = bound.Port,
            Address = PortReachability.IsReachableByOthers(bound.Address, node)
                ? node
                : IPAddress.Loopback.ToString(),
            ReachedPort = port,
        };

    private static JobPort Unreached(BoundSocket bound, string reason) =>
        new()
        {
            Transport = bound.Transport,
            Port = bound.Port,
            Trouble = reason,
        };

    private sealed class JobForwards
    {
        public Dictionary<string, JobNetwork> Networks { get; } = [];
        public Dictionary<(string Namespace, BoundSocket Bound), PortForward> Forwards { get; } =
        [];

        public void Close()
        {
            foreach (var forward in Forwards.Values)
                forward.Close();
            foreach (var network in Networks.Values)
                network.Dispose();
        }
    }
}
