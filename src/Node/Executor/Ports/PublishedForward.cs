using System.Net.Sockets;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Executor.Ports;

/// <summary>A published port of a job, whose place is found when the first client
/// connects.</summary>
/// <param name="locate">Looks for the sockets of the job, and sets <see cref="Place"/> if one
/// listens on the port.</param>
internal sealed class PublishedForward(Func<CancellationToken, Task> locate)
{
    private volatile Target? _place;

    /// <summary>The port of the machine; null: none was free.</summary>
    public PortForward? Forward { get; set; }

    /// <summary>Remembers where the job listens.</summary>
    public void Place(JobNetwork network, BoundSocket bound) => _place = new(network, bound);

    /// <summary>Connects to the job; null: it does not listen on the port, or its network cannot be
    /// entered.</summary>
    public async Task<Socket?> ConnectAsync(CancellationToken cancel)
    {
        if (await ToPlaceAsync(cancel) is { } socket)
            return socket;
        await locate(cancel);
        return await ToPlaceAsync(cancel);
    }

    private async Task<Socket?> ToPlaceAsync(CancellationToken cancel) =>
        _place is { } place ? await place.Network.ConnectAsync(place.Bound, cancel) : null;

    private sealed record Target(JobNetwork Network, BoundSocket Bound);
}
