using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What a node can say of itself without asking anybody.</summary>
public sealed class NodeFacts(NodeSettings settings, DateTimeOffset started)
{
    public string Name => settings.Node.Name;

    /// <summary>Set once the cluster has given it.</summary>
    public string Address { get; set; } = "";

    public string Store { get; set; } = "";

    /// <summary>How long a stop would wait for running jobs.</summary>
    public Func<TimeSpan> StopWait { get; set; } = static () => TimeSpan.Zero;

    /// <summary>The executor's, once the agent knows it.</summary>
    public int ExecutorPid { get; set; }

    public static string Version { get; } =
        typeof(NodeFacts).Assembly.GetName().Version!.ToString(fieldCount: 3);

    public NodeStatusReply Status(bool ready) =>
        new()
        {
            Node = Name,
            Pid = Environment.ProcessId,
            ExecutorPid = ExecutorPid,
            Version = Version,
            Started = (started - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            Store = Store,
            Address = Address,
            Ready = ready,
            StopWaitMs = (long)StopWait().TotalMilliseconds,
            FenceAfterMs = (long)settings.Agent.FenceAfter.TotalMilliseconds,
        };

    public ConfigReply Config() => new() { Entries = { settings.Listing } };
}
