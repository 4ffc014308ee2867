using System.Net;
using System.Net.Sockets;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>The forwarded ports of all jobs: opened when somebody asks where a job is to be
/// reached, closed with the job. For any thread.</summary>
/// <param name="run">Where unix sockets are made for a moment.</param>
/// <param name="childAdded">The executor has a child more.</param>
internal sealed class Forwards(string run, PortLimits limits, Action childAdded) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly NamespaceDoor _door = new(run, childAdded);
    private readonly Dictionary<AttemptId, OfJob> _jobs = [];
    private int _turn;

    /// <summary>Where clients reach a socket that is isolated from them, or why they cannot; null:
    /// it has just gone.</summary>
    /// <param name="node">What clients call this machine.</param>
    public async Task<JobPort?> ReachAsync(AttemptId id, SeenSocket seen, string node)
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
                    $"{SocketScan.PortsMax} of its ports are forwarded already"
                );
            if (!job.Networks.TryGetValue(seen.Namespace, out network!))
            {
                if (NetNamespace.Open(seen.Pid, seen.Namespace) is not { } place)
                    return null;
                job.Networks[seen.Namespace] = network = new(_door, place);
            }
        }
        if (!await network.CanEnterAsync())
            return Unreached(
                bound,
                "its network is isolated, and the user that its node runs as may not enter it"
            );
        lock (_gate)
        {
            if (!_jobs.TryGetValue(id, out var job))
                return null;
            if (Open(network, bound, node) is not { } forward)
                return Unreached(
                    bound,
                    $"no port of {limits.RangeFirst}-{limits.RangeLast} is free on its node"
                );
            job.Forwards[(seen.Namespace, bound with { Inode = 0 })] = forward;
            return Reached(bound, forward.Port, node);
        }
    }

    /// <summary>The job has ended.</summary>
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
        _door.Dispose();
    }

    /// <summary>On a free port of the range; null: there is none. Each search begins after the last
    /// port given, so that one rests before it is another job's.</summary>
    private Forward? Open(JobNetwork network, BoundSocket bound, string node)
    {
        var address =
            !PortReach.IsForOthers(bound.Address, node) ? IPAddress.Loopback
            : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any
            : IPAddress.Any;
        var range = new PortRange(limits.RangeFirst, limits.RangeLast);
        for (var tried = 0; tried < range.Count; tried++)
        {
            var end = new IPEndPoint(address, range.First + _turn++ % range.Count);
            Forward? forward =
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
            Address = PortReach.IsForOthers(bound.Address, node)
                ? node
                : IPAddress.Loopback.ToString(),
            ReachedPort = port,
        };

    private static JobPort Unreached(BoundSocket bound, string why) =>
        new()
        {
            Transport = bound.Transport,
            Port = bound.Port,
            Trouble = why,
        };

    private sealed class OfJob
    {
        public Dictionary<string, JobNetwork> Networks { get; } = [];
        public Dictionary<(string Namespace, BoundSocket Bound), Forward> Forwards { get; } = [];

        public void Close()
        {
            foreach (var forward in Forwards.Values)
                forward.Close();
            foreach (var network in Networks.Values)
                network.Dispose();
        }
    }
}
