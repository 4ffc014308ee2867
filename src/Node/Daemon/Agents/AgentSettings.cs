using JobCloud.Protocol;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>What the agent of one node is told at its start (<c>jobcloud.agent</c>).</summary>
public sealed record AgentSettings
{
    public required string Node { get; init; }

    /// <summary>Where clients find the node, as <c>nodes</c> shows it.</summary>
    public string Address { get; init; } = "";

    public required string Version { get; init; }

    /// <summary>What jobs get as JOBCLOUD_SERVER: <c>unix:PATH</c> of the gateway.</summary>
    public required string Server { get; init; }

    /// <summary>What it does in the cloud, as <c>nodes</c> shows it.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What the attempts of this node may use, all together; nothing: it runs no jobs.</summary>
    public required Resources Capacity { get; init; }

    /// <summary>Attempts it takes ahead of free capacity, so that no slot waits for a round trip.</summary>
    public int Backlog { get; init; } = 256;

    /// <summary>More waiting attempts than this are handed back at once.</summary>
    public int BacklogMax { get; init; } = 65_536;

    /// <summary>How long reports are gathered while there is other work to start.</summary>
    public TimeSpan ReportLinger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>After this a report that was not accepted is sent again.</summary>
    public TimeSpan ReportRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reports in one message, at most; keeps it under the frame of 128 kB.</summary>
    public int ReportBatch { get; init; } = 512;

    public TimeSpan OfferInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Unrenewed for so long, the executor kills all jobs; zero: never.</summary>
    public TimeSpan FenceAfter { get; init; } = TimeSpan.Zero;

    /// <summary>Between SIGTERM and SIGKILL, where the kill does not say.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Of one stream of one attempt, in bytes; 0: none.</summary>
    public long OutputLimit { get; init; }

    /// <summary>Empty: /bin/bash, else /bin/sh.</summary>
    public string DefaultShell { get; init; } = "";

    /// <summary>Variables that jobs get from the executor's own environment.</summary>
    public IReadOnlyList<string> Inherit { get; init; } = [];

    /// <summary>The executor's own (<c>jobcloud.executor</c>).</summary>
    public ExecutorLimits Limits { get; init; } = new();

    /// <summary>After so long without an executor process a new one is started.</summary>
    public TimeSpan ExecutorGoneAfter { get; init; } = TimeSpan.FromSeconds(3);
}
