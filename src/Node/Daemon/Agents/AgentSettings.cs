using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Settings of the agent of one node (<c>jobcloud.agent</c>).</summary>
internal sealed record AgentSettings
{
    public required string Node { get; init; }

    /// <summary>The node's address for clients, as <c>nodes</c> shows it.</summary>
    public string Address { get; init; } = "";

    public required string Version { get; init; }

    /// <summary>The value of JOBCLOUD_SERVER in jobs: <c>unix:PATH</c> of the gateway.</summary>
    public required string Server { get; init; }

    /// <summary>The home in which the attempts have their directories.</summary>
    public required HomePaths Home { get; init; }

    /// <summary>The node's roles, as <c>nodes</c> shows them.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Total resources for the attempts of this node; none if it runs no jobs.</summary>
    public required Resources Capacity { get; init; }

    /// <summary>Attempts the node accepts beyond its free capacity, so that no slot waits for a
    /// round trip.</summary>
    public int Backlog { get; init; }

    /// <summary>Maximum number of waiting attempts; the agent hands back further ones at
    /// once.</summary>
    public int BacklogMax { get; init; } = 65_536;

    /// <summary>Maximum time that a report waits for others while there is work, so that one commit
    /// has many ends.</summary>
    public TimeSpan ReportLinger { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Maximum number of reports in one message; keeps it under the frame limit of 128
    /// kB.</summary>
    public int ReportBatch { get; init; } = 512;

    public TimeSpan OfferInterval { get; init; }

    /// <summary>Time without a renewal after which the executor kills all jobs; zero:
    /// never.</summary>
    public TimeSpan FenceAfter { get; init; }

    /// <summary>Time from SIGTERM to SIGKILL, if the kill request gives none.</summary>
    public TimeSpan KillGrace { get; init; }

    public TimeSpan SampleInterval { get; init; }

    /// <summary>Maximum bytes of one stream of one attempt; 0: no limit.</summary>
    public long OutputLimit { get; init; }

    /// <summary>If empty: /bin/bash, else /bin/sh.</summary>
    public string DefaultShell { get; init; } = "";

    /// <summary>Variables that jobs get from the executor's own environment.</summary>
    public IReadOnlyList<string> Inherit { get; init; } = [];

    /// <summary>The executor's own limits (<c>jobcloud.executor</c>).</summary>
    public ExecutorLimits Limits { get; init; } = new();

    /// <summary>Time without an executor process after which the agent starts a new one.</summary>
    public TimeSpan ExecutorGoneAfter { get; init; }

    /// <summary>Reads the settings and adds them to those known for the node.</summary>
    internal static AgentSettings Read(SettingsReader read, AgentSettings node) =>
        node with
        {
            Backlog = read.Count(
                "jobcloud.agent.backlog",
                256,
                "Maximum number of attempts that a node accepts beyond its free cores, so that no core waits for a round trip.",
                least: 0
            ),
            OfferInterval = read.Duration(
                "jobcloud.agent.offer-interval",
                "5s",
                "Interval at which a node reports its capacity if nothing changed; recovers from lost "
                    + "messages.",
                least: "10ms"
            ),
            ExecutorGoneAfter = read.Duration(
                "jobcloud.agent.executor-gone-after",
                "3s",
                "If there is no executor process for this long, the node kills the jobs and starts a new executor."
            ),
            FenceAfter = read.DurationOrOff(
                "jobcloud.executor.fence-after",
                "off",
                "If the node does not renew its lease for this long, the executor kills all jobs. off is for a single "
                    + "node, where no other could run them twice."
            ),
            KillGrace = read.Duration(
                "jobcloud.executor.grace",
                "1s",
                "Time from SIGTERM to SIGKILL when a job is killed."
            ),
            SampleInterval = read.Duration(
                "jobcloud.executor.sample-interval",
                "1s",
                "Interval for sampling the resource usage of a running job.",
                least: "50ms"
            ),
            OutputLimit = read.SizeOrOff(
                "jobcloud.executor.output-limit",
                "1GiB",
                "Maximum bytes kept of one stream of one attempt; readers see how many were dropped. off: no limit."
            ),
            Inherit = read.List(
                "jobcloud.executor.inherit-environment",
                ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR"],
                "Environment variables that jobs inherit from the executor; no others are passed on."
            ),
            DefaultShell = read.Text(
                "jobcloud.executor.default-shell",
                "",
                "Shell of jobs that specify none. If empty: /bin/bash, else /bin/sh."
            ),
            Limits = ExecutorSettingsReader.Read(read),
        };
}
