using System.Net;
using JobCloud.Protocol;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>The forwarded ports of all jobs: opened at the start of a job that publishes them,
/// closed with the job. Thread-safe.</summary>
/// <param name="run">The directory for temporary unix sockets.</param>
/// <param name="locate">Looks for the sockets of a job and calls <see cref="ReachAsync"/> for
/// each.</param>
/// <param name="childAdded">Called when the executor has a new child.</param>
internal sealed class PortForwards(
    string run,
    PortLimits limits,
    Func<AttemptId, CancellationToken, Task> locate,
    Action childAdded
) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly NamespaceSocketFactory _sockets = new(run, childAdded);
    private readonly Dictionary<AttemptId, JobForwards> _jobs = [];
    private int _nextOffset;

    /// <summary>Opens the published ports of a job that starts.</summary>
    public void Publish(AttemptId id, IEnumerable<PublishedPort> ports)
    {
        lock (_gate)
        {
            if (!_jobs.TryGetValue(id, out var job))
                _jobs[id] = job = new();
            foreach (var port in ports.Take(PublishedPorts.Max))
            {
                var published = new PublishedForward(cancel => locate(id, cancel));
                if (job.Forwards.TryAdd((port.Transport, port.Port), published))
                    published.Forward = Open(port.Transport, published);
            }
        }
    }

    /// <summary>Returns the address at which clients reach an isolated socket, or the reason for
    /// being unreachable; null: the socket has just closed.</summary>
    /// <param name="node">The address by which clients reach this machine.</param>
    public async Task<JobPort?> ReachAsync(AttemptId id, FoundSocket seen, string node)
    {
        var bound = seen.Socket;
        PublishedForward? published;
        JobNetwork? network;
        lock (_gate)
        {
            if (
                !_jobs.TryGetValue(id, out var job)
                || !job.Forwards.TryGetValue((bound.Transport, bound.Port), out published)
            )
                return NotPublished(bound);
            if (published.Forward is null)
                return Unreached(
                    bound,
                    $"no port in {limits.RangeFirst}-{limits.RangeLast} is free on the node"
                );
            if (!job.Networks.TryGetValue(seen.Namespace, out network))
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
        published.Place(network, bound);
        return Reached(bound, published.Forward.Port, node);
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
    private PortForward? Open(Transport transport, PublishedForward published)
    {
        var range = new PortRange(limits.RangeFirst, limits.RangeLast);
        for (var tried = 0; tried < range.Count; tried++)
        {
            var end = new IPEndPoint(Address, range.First + _nextOffset++ % range.Count);
            PortForward? forward =
                transport == Transport.Udp
                    ? UdpForward.Open(end, published.ConnectAsync, limits)
                    : TcpForward.Open(end, published.ConnectAsync, limits);
            if (forward is not null)
                return forward;
        }
        return null;
    }

    private IPAddress Address =>
        IPAddress.TryParse(limits.PublishAddress, out var address) ? address : IPAddress.Loopback;

    private JobPort Reached(BoundSocket bound, int port, string node) =>
        new()
        {
            Transport = bound.Transport,
            Port = bound.Port,
            Address = PortReachability.Address(Address, node),
            ReachedPort = port,
        };

    private static JobPort Unreached(BoundSocket bound, string reason) =>
        new()
        {
            Transport = bound.Transport,
            Port = bound.Port,
            Trouble = reason,
        };

    private static JobPort NotPublished(BoundSocket bound) =>
        new()
        {
            Transport = bound.Transport,
            Port = bound.Port,
            Address = bound.Address.ToString(),
            Trouble = PortMessages.NotPublished(bound.Transport, bound.Port),
        };

    private sealed class JobForwards
    {
        public Dictionary<string, JobNetwork> Networks { get; } = [];
        public Dictionary<(Transport Transport, int Port), PublishedForward> Forwards { get; } = [];

        public void Close()
        {
            foreach (var published in Forwards.Values)
                published.Forward?.Close();
            foreach (var network in Networks.Values)
                network.Dispose();
        }
    }
}
