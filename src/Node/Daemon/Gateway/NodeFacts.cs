using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Facts that a node reports about itself without asking other nodes.</summary>
/// <param name="fenceAfter">Zero if the node never fences its jobs.</param>
/// <param name="listing">The settings in effect.</param>
internal sealed class NodeFacts(
    string name,
    TimeSpan fenceAfter,
    IReadOnlyList<ConfigEntry> listing,
    DateTimeOffset started
)
{
    public string Name => name;

    /// <summary>Set once the node has its cluster address.</summary>
    public string Address { get; set; } = "";

    public string Store { get; set; } = "";

    /// <summary>Returns the time that a stop would wait for running jobs.</summary>
    public Func<TimeSpan> StopWait { get; set; } = static () => TimeSpan.Zero;

    /// <summary>The largest request that the node accepts.</summary>
    public long MessageMaxBytes { get; init; }

    /// <summary>When the node's certificate expires.</summary>
    public Func<DateTimeOffset>? CertificateUntil { get; set; }

    /// <summary>The process ID of the executor, once the agent knows it.</summary>
    public int ExecutorPid { get; set; }

    public NodeStatusReply Status(bool ready) =>
        new()
        {
            Node = Name,
            Pid = Environment.ProcessId,
            ExecutorPid = ExecutorPid,
            Version = NodeIdentity.Version,
            Started = started.ToMicroseconds(),
            Store = Store,
            Address = Address,
            Ready = ready,
            MessageMaxBytes = MessageMaxBytes,
            StopWaitMs = (long)StopWait().TotalMilliseconds,
            CertificateUntil = CertificateUntil?.Invoke().ToMicroseconds() ?? 0,
            FenceAfterMs = (long)fenceAfter.TotalMilliseconds,
        };

    public ConfigReply Config() => new() { Entries = { listing } };
}
