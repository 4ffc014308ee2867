using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Tests.Scheduling;

/// <summary>An in-memory store of drains that can be made to fail.</summary>
internal sealed class KeptDrains : IDrainStore
{
    public Dictionary<string, Drain> Kept { get; } = [];

    public bool Fails { get; set; }

    public Task<IReadOnlyList<Drain>> ReadAsync() =>
        Fails
            ? throw new TimeoutException()
            : Task.FromResult<IReadOnlyList<Drain>>([.. Kept.Values]);

    public Task WriteAsync(string node, Drain? drain)
    {
        if (Fails)
            throw new TimeoutException();
        if (drain is null)
            Kept.Remove(node);
        else
            Kept[node] = drain;
        return Task.CompletedTask;
    }
}
