using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>What the agent of one node is told at its start (<c>jobcloud.agent</c>).</summary>
internal sealed record AgentSettings
{
    public required string Node { get; init; }

    /// <summary>Where clients find the node, as <c>nodes</c> shows it.</summary>
    public string Address { get; init; } = "";

    public required string Version { get; init; }

    /// <summary>What jobs get as JOBCLOUD_SERVER: <c>unix:PATH</c> of the gateway.</summary>
    public required string Server { get; init; }

    /// <summary>What it does in the cloud, as <c>nodes</c> shows it.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What the attempts of this node may use, all together; nothing: it runs no
    /// jobs.</summary>
    public required Resources Capacity { get; init; }

    /// <summary>Attempts it takes ahead of free capacity, so that no slot waits for a round
    /// trip.</summary>
    public int Backlog { get; init; }

    /// <summary>More waiting attempts than this are handed back at once.</summary>
    public int BacklogMax { get; init; } = 65_536;

    /// <summary>How long a report may wait for others to go with it while there is work: many ends
    /// become one commit.</summary>
    public TimeSpan ReportLinger { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>After this a report that was not accepted is sent again.</summary>
    public TimeSpan ReportRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reports in one message, at most; keeps it under the frame of 128 kB.</summary>
    public int ReportBatch { get; init; } = 512;

    public TimeSpan OfferInterval { get; init; }

    /// <summary>Unrenewed for so long, the executor kills all jobs; zero: never.</summary>
    public TimeSpan FenceAfter { get; init; }

    /// <summary>Between SIGTERM and SIGKILL, where the kill does not say.</summary>
    public TimeSpan KillGrace { get; init; }

    public TimeSpan SampleInterval { get; init; }

    /// <summary>Of one stream of one attempt, in bytes; 0: none.</summary>
    public long OutputLimit { get; init; }

    /// <summary>Empty: /bin/bash, else /bin/sh.</summary>
    public string DefaultShell { get; init; } = "";

    /// <summary>Variables that jobs get from the executor's own environment.</summary>
    public IReadOnlyList<string> Inherit { get; init; } = [];

    /// <summary>The executor's own (<c>jobcloud.executor</c>).</summary>
    public ExecutorLimits Limits { get; init; } = new();

    /// <summary>After so long without an executor process a new one is started.</summary>
    public TimeSpan ExecutorGoneAfter { get; init; }

    /// <summary>Reads the settings over what is known of the node.</summary>
    internal static AgentSettings Read(SettingsReader read, AgentSettings node) =>
        node with
        {
            Backlog = read.Count(
                "jobcloud.agent.backlog",
                256,
                "Attempts that a node takes ahead of free cores at most, so that none waits for a round trip.",
                least: 0
            ),
            OfferInterval = read.Duration(
                "jobcloud.agent.offer-interval",
                "5s",
                "How often a node says what it offers when nothing changed: repairs what a lost message "
                    + "broke.",
                least: "10ms"
            ),
            ExecutorGoneAfter = read.Duration(
                "jobcloud.agent.executor-gone-after",
                "3s",
                "Without an executor process for so long, its jobs are killed and a new one is started."
            ),
            FenceAfter = read.DurationOrOff(
                "jobcloud.executor.fence-after",
                "off",
                "Without word from the node for so long, the executor kills all jobs. off on one node, where "
                    + "no other could run them twice."
            ),
            KillGrace = read.Duration(
                "jobcloud.executor.grace",
                "1s",
                "From SIGTERM to SIGKILL, when a job is killed."
            ),
            SampleInterval = read.Duration(
                "jobcloud.executor.sample-interval",
                "1s",
                "How often a running job's use of the machine is read.",
                least: "50ms"
            ),
            OutputLimit = read.SizeOrOff(
                "jobcloud.executor.output-limit",
                "1GiB",
                "Kept bytes of one stream of one attempt; what is dropped is said. off: no limit."
            ),
            Inherit = read.List(
                "jobcloud.executor.inherit-environment",
                ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR"],
                "Variables that jobs inherit from the environment the executor was started in; all others "
                    + "stay secret."
            ),
            DefaultShell = read.Text(
                "jobcloud.executor.default-shell",
                "",
                "Shell of jobs that name none. Empty: /bin/bash, else /bin/sh."
            ),
            Limits = ExecutorSettingsReader.Read(read),
        };
}
