using JobCloud.Protocol.Ports;
using static JobCloud.Protocol.Execution.ExecutorSetting;

namespace JobCloud.Protocol.Execution;

/// <summary>All that an operator can set of the executor. The node reads
/// them by this table and hands them on; the executor has its defaults from it until
/// then.</summary>
public static class ExecutorSettings
{
    public const string Section = "jobcloud.executor";
    public const string Off = "off";

    public static IReadOnlyList<ExecutorSetting> All { get; } =
    [
        new Count(
            "nice-step",
            "Added to the executor's own nice value for jobs, so that the cloud itself "
                + "stays quick on a busy machine.",
            5,
            0,
            19,
            (to, value) => to.NiceStep = value
        ),
        new Size(
            "log-limit",
            "The executor's and the node's logs are set aside when longer than this; one "
                + "older one is kept.",
            10 << 20,
            (to, value) => to.LogLimitBytes = value
        ),
        new Size(
            "return-file-limit",
            "Longest return file that is kept as a result.",
            128_000_000,
            (to, value) => to.ReturnFileLimitBytes = value
        ),
        new Duration(
            "node-stop",
            "How long the node may take to end before it is killed.",
            10_000,
            (to, value) => to.NodeStopMs = value
        ),
        new Duration(
            "node-drain",
            "A node of several that is stopped takes no more jobs, and lets those that run "
                + "go on for so long before they are moved elsewhere.",
            30_000,
            (to, value) => to.NodeDrainMs = value
        ),
        new Choice(
            "cgroups",
            "How jobs are limited and measured. auto: by cgroups where the machine has them "
                + "for us; off: only measured, by /proc.",
            ["auto", Off],
            (to, value) => to.Cgroups = CgroupUseOf(value)
        ),
        new Choice(
            "python-logging",
            "Records of Python's logging that are kept whatever the job's own loggers let "
                + "through: debug, info, warning, error, critical and above. off: Python jobs are "
                + "left alone.",
            ["info", Off, "debug", "warning", "error", "critical"],
            (to, value) => to.PythonLogging = value
        ),
        new Choice(
            "syslog",
            "auto: what jobs send to the system log is kept with them; /dev/log is made "
                + "where the machine has none, and only jobs see another one where it has. off: "
                + "never.",
            ["auto", Off],
            (to, value) => to.Syslog = value
        ),
        new Count(
            "profile-samples",
            "Stacks sampled a second of a job with --profile that is not Python.",
            99,
            1,
            10_000,
            (to, value) => to.ProfileSamples = value
        ),
        new Checked(
            "ports.address",
            "What clients call this machine. auto: the address that its default route "
                + "leaves by, else 127.0.0.1. A loopback one keeps forwarded ports from other "
                + "machines.",
            "auto",
            "auto, or what clients call this machine",
            TryPutAddress
        ),
        new Checked(
            "ports.range",
            "Ports of this machine that stand in for those of jobs in a network namespace "
                + "of their own; none other is opened.",
            "42000-42999",
            "two port numbers such as 42000-42999",
            TryPutRange
        ),
        new Count(
            "ports.connections-max",
            "Connections (udp: peers) of one forwarded port at once; more wait (udp: are "
                + "dropped).",
            256,
            1,
            int.MaxValue,
            (to, value) => Ports(to).ConnectionsMax = value
        ),
        new Count(
            "terminals.per-job",
            "Terminals (ssh, exec-shell, OpenSSH's connections) in one job at once; more "
                + "are refused.",
            32,
            1,
            int.MaxValue,
            (to, value) => Terminals(to).PerJob = value
        ),
        new Count(
            "terminals.per-node",
            "Terminals on this node at once: each has a thread and its buffers.",
            256,
            1,
            int.MaxValue,
            (to, value) => Terminals(to).PerNode = value
        ),
        new Duration(
            "terminals.open-within",
            "A connection that does not say within this what it wants is closed.",
            10_000,
            (to, value) => Terminals(to).OpenMs = value
        ),
    ];

    public static ExecutorLimits Defaults()
    {
        var limits = new ExecutorLimits();
        foreach (var setting in All)
            setting.PutDefault(limits);
        return limits;
    }

    private static PortLimits Ports(ExecutorLimits limits) => limits.Ports ??= new();

    private static TerminalLimits Terminals(ExecutorLimits limits) => limits.Terminals ??= new();

    private static CgroupUse CgroupUseOf(string name) =>
        name == Off ? CgroupUse.Off : CgroupUse.Auto;

    private static bool TryPutAddress(ExecutorLimits to, string text)
    {
        Ports(to).Address = text;
        return text.Length > 0;
    }

    private static bool TryPutRange(ExecutorLimits to, string text)
    {
        if (PortRange.Parse(text) is not { } range)
            return false;
        (Ports(to).RangeFirst, Ports(to).RangeLast) = (range.First, range.Last);
        return true;
    }
}
