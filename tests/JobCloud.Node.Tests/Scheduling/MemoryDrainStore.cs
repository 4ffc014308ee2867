using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Tests.Scheduling;

/// <summary>An in-memory store of drains that can be made to fail.</summary>
internal sealed class MemoryDrainStore : IDrainStore
{
    public Dictionary<string, Drain> Drains { get; } = [];

    public bool Fails { get; set; }

    public Task<IReadOnlyList<Drain>> ReadAsync() =>
        Fails
            ? throw new TimeoutException()
            : Task.FromResult<IReadOnlyList<Drain>>([.. Drains.Values]);

    public Task WriteAsync(string node, Drain? drain)
    {
        if (Fails)
            throw new TimeoutException();
        if (drain is null)
            Drains.Remove(node);
        else
            Drains[node] = drain;
        return Task.CompletedTask;
    }
}
