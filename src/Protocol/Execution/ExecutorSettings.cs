using System.Net;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Ports;
using static JobCloud.Protocol.Execution.ExecutorSetting;

namespace JobCloud.Protocol.Execution;

/// <summary>THE catalogue of the executor's own settings. The node reads them by this table and
/// sends them to the executor, which uses the defaults until then.</summary>
public static class ExecutorSettings
{
    public const string Section = "jobcloud.executor";
    public const string Off = "off";

    public static IReadOnlyList<ExecutorSetting> All { get; } =
    [
        new Checked(
            "run-as",
            "Account that jobs run as. owner: a node that root runs starts each job as the account of "
                + "its owner, and any other node starts only the jobs of its own account. A name: "
                + "all jobs share that account.",
            RunAs.Owner,
            "owner, or an account other than root",
            RunAs.TryPut
        ),
        new Count(
            "nice-step",
            "Added to the executor's own nice value for jobs, so that the cloud itself "
                + "stays responsive on a busy machine.",
            5,
            0,
            19,
            (to, value) => to.NiceStep = value
        ),
        new Size(
            "log-limit",
            "Size at which the executor's log and the node's are rotated; one older log of "
                + "each is kept.",
            10 << 20,
            (to, value) => to.LogLimitBytes = value
        ),
        new Size(
            "disk-reserve",
            "While less than this, or than 5 % of the disk, is free on the home's disk, only "
                + "the newest 64 KiB of each output of a running job are kept, so that the store "
                + "can be written. 0: no reserve.",
            256 << 20,
            (to, value) => to.DiskReserveBytes = value
        ),
        new Size(
            "return-file-limit",
            "Largest return file that is kept as a result.",
            128_000_000,
            (to, value) => to.ReturnFileLimitBytes = value
        ),
        new Size(
            "directory-limit",
            "Largest own directory of a job that is kept after its end, for 'jobcloud files'; a "
                + "larger one is deleted. 0: no limit but that of all outputs.",
            4L << 30,
            (to, value) => to.DirectoryLimitBytes = value
        ),
        new Duration(
            "node-stop",
            "How long the node may take to stop before the executor kills it.",
            10_000,
            (to, value) => to.NodeStopMs = value
        ),
        new Duration(
            "node-drain",
            "How long a stopping node lets its running jobs continue before they move to "
                + "other nodes, where there are any. It takes no new jobs meanwhile.",
            30_000,
            (to, value) => to.NodeDrainMs = value
        ),
        new Choice(
            "cgroups",
            "How jobs are limited and measured. auto: with cgroups if the executor "
                + "can use them, else as off. off: not limited, and measured from /proc.",
            ["auto", Off],
            (to, value) => to.Cgroups = CgroupUseOf(value)
        ),
        new Count(
            "pids-max",
            "Maximum number of processes and threads of one job together. A job that reaches it is "
                + "ended.",
            4_096,
            16,
            int.MaxValue,
            (to, value) => to.PidsMax = value
        ),
        new Choice(
            "python-logging",
            "Lowest level of Python's logging that is captured even if the job's own loggers "
                + "discard it: debug, info, warning, error or critical. off: nothing is captured.",
            ["info", Off, "debug", "warning", "error", "critical"],
            (to, value) => to.PythonLogging = value
        ),
        new Choice(
            "syslog",
            "auto: capture the messages of jobs to the system log. The executor creates "
                + "/dev/log on a machine without one; elsewhere only jobs see the executor's. "
                + "off: nothing is captured.",
            ["auto", Off],
            (to, value) => to.Syslog = value
        ),
        new Count(
            "profile-samples",
            "Stack samples per second of a job with --profile that is not Python.",
            99,
            1,
            10_000,
            (to, value) => to.ProfileSamples = value
        ),
        new Checked(
            "ports.address",
            "Address of this machine for clients. auto: the local address of its default "
                + "route, else 127.0.0.1.",
            "auto",
            "auto, or the address of this machine for clients",
            TryPutAddress
        ),
        new Checked(
            "ports.publish-address",
            "Address of this machine on which it forwards the ports that jobs in private networks "
                + "publish. With a loopback address, other machines cannot reach them; 0.0.0.0 "
                + "and :: are all addresses.",
            "127.0.0.1",
            "an IP address of this machine, such as 127.0.0.1 or 0.0.0.0",
            TryPutPublishAddress
        ),
        new Checked(
            "ports.range",
            "Range of ports on this machine that are forwarded to jobs in private networks.",
            "42000-42999",
            "two port numbers such as 42000-42999",
            TryPutRange
        ),
        new Count(
            "ports.connections-max",
            "Maximum concurrent connections (udp: peers) of one forwarded port; more wait "
                + "(udp: are dropped).",
            256,
            1,
            int.MaxValue,
            (to, value) => Ports(to).ConnectionsMax = value
        ),
        new Count(
            "terminals.per-job",
            "Maximum concurrent terminals (ssh, exec-shell, OpenSSH connections) in one "
                + "job; more are refused.",
            32,
            1,
            int.MaxValue,
            (to, value) => Terminals(to).PerJob = value
        ),
        new Count(
            "terminals.per-node",
            "Maximum concurrent terminals on this node; each needs a thread and buffers.",
            256,
            1,
            int.MaxValue,
            (to, value) => Terminals(to).PerNode = value
        ),
        new Duration(
            "terminals.open-within",
            "A connection that opens no terminal within this time is closed.",
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

    private static bool TryPutPublishAddress(ExecutorLimits to, string text)
    {
        Ports(to).PublishAddress = text;
        return IPAddress.TryParse(text, out _);
    }

    private static bool TryPutRange(ExecutorLimits to, string text)
    {
        if (PortRange.Parse(text) is not { } range)
            return false;
        (Ports(to).RangeFirst, Ports(to).RangeLast) = (range.First, range.Last);
        return true;
    }
}
