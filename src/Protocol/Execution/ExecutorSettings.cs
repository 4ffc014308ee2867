using JobCloud.Protocol.Ports;
using static JobCloud.Protocol.Execution.ExecutorSetting;

namespace JobCloud.Protocol.Execution;

/// <summary>All that an operator can set of the executor; reference.conf says what for. The node reads
/// them by this table and hands them on; the executor has its defaults from it until then.</summary>
public static class ExecutorSettings
{
    public const string Section = "jobcloud.executor";
    public const string Off = "off";

    public static IReadOnlyList<ExecutorSetting> All { get; } =
    [
        new Count("nice-step", 5, 0, 19, (to, value) => to.NiceStep = value),
        new Size("log-limit", 10 << 20, (to, value) => to.LogLimitBytes = value),
        new Size("return-file-limit", 128_000_000, (to, value) => to.ReturnFileLimitBytes = value),
        new Duration("node-stop", 10_000, (to, value) => to.NodeStopMs = value),
        new Duration("node-drain", 30_000, (to, value) => to.NodeDrainMs = value),
        new Choice("cgroups", ["auto", Off], (to, value) => to.Cgroups = CgroupUseOf(value)),
        new Choice(
            "python-logging",
            ["info", Off, "debug", "warning", "error", "critical"],
            (to, value) => to.PythonLogging = value
        ),
        new Choice("syslog", ["auto", Off], (to, value) => to.Syslog = value),
        new Count("profile-samples", 99, 1, 10_000, (to, value) => to.ProfileSamples = value),
        new Checked(
            "ports.address",
            "auto",
            "auto, or what clients call this machine",
            TryPutAddress
        ),
        new Checked(
            "ports.range",
            "42000-42999",
            "two port numbers such as 42000-42999",
            TryPutRange
        ),
        new Count(
            "ports.connections-max",
            256,
            1,
            int.MaxValue,
            (to, value) => Ports(to).ConnectionsMax = value
        ),
        new Count(
            "terminals.per-job",
            32,
            1,
            int.MaxValue,
            (to, value) => Terminals(to).PerJob = value
        ),
        new Count(
            "terminals.per-node",
            256,
            1,
            int.MaxValue,
            (to, value) => Terminals(to).PerNode = value
        ),
        new Duration("terminals.open-within", 10_000, (to, value) => Terminals(to).OpenMs = value),
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
