using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Ports;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Reads the executor's own limits, which the agent hands on to it.</summary>
internal static class ExecutorSettings
{
    private const string Section = "jobcloud.executor";

    public static ExecutorLimits Limits(SettingsReader read) =>
        new()
        {
            NiceStep = read.Count($"{Section}.nice-step", least: 0, most: 19),
            StartsPerTurn = read.Count($"{Section}.starts-per-turn"),
            RecordLimitBytes = read.Size($"{Section}.record-limit"),
            RecordRetryMs = Ms(read, "record-retry"),
            LogLimitBytes = read.Size($"{Section}.log-limit"),
            OutboxLimitBytes = (int)read.Size($"{Section}.outbox-limit", 1 << 20, 1 << 30),
            ConnectionsMax = read.Count($"{Section}.connections-max", least: 2),
            ProgramCacheMs = Ms(read, "program-cache-age"),
            ProgramCacheMax = read.Count($"{Section}.program-cache-max"),
            SpareRestMs = Ms(read, "spare-rest"),
            SparesMax = read.Count($"{Section}.spares-max", least: 0),
            NameOutputMs = Ms(read, "name-output-after"),
            ReturnFileLimitBytes = read.Size($"{Section}.return-file-limit"),
            DirectoryEntriesMax = read.Count($"{Section}.directory-entries-max"),
            FirstSampleMs = Ms(read, "first-sample"),
            SampleShare = read.Count($"{Section}.sample-share"),
            OrphanPatienceMs = Ms(read, "orphan-patience"),
            StrangerLookMs = Ms(read, "stranger-look"),
            NodeStopMs = Ms(read, "node-stop"),
            NodeDrainMs = Ms(read, "node-drain"),
            NodeRestartFirstMs = Ms(read, "node-restart-first"),
            NodeRestartMaxMs = Ms(read, "node-restart-max"),
            SweepMs = Ms(read, "sweep"),
            Cgroups =
                read.OneOf($"{Section}.cgroups", "auto", "off") == "off"
                    ? CgroupUse.Off
                    : CgroupUse.Auto,
            CgroupsKept = read.Count($"{Section}.cgroups-kept", least: 0),
            TimelineSamplesMax = read.Count($"{Section}.timeline-samples-max", least: 2),
            TimelineEntriesMax = read.Count($"{Section}.timeline-entries-max"),
            Ports = Ports(read),
            PythonLogging = read.OneOf(
                $"{Section}.python-logging",
                "info",
                "off",
                "debug",
                "warning",
                "error",
                "critical"
            ),
            Syslog = read.OneOf($"{Section}.syslog", "auto", "off"),
            SyslogCheckMs = Ms(read, "syslog-check"),
            SyslogPatienceMs = Ms(read, "syslog-patience"),
            SyslogUnclaimedMax = read.Count($"{Section}.syslog-unclaimed-max"),
            ProfileSamples = read.Count($"{Section}.profile-samples", most: 10_000),
            ProfileDataBytes = read.Size($"{Section}.profile-data-limit", least: 1 << 20),
            ProfileAttachMs = Ms(read, "profile-attach"),
            ProfileReportMs = Ms(read, "profile-report"),
            SyslogHistoryBytes = read.Size($"{Section}.syslog-history", 4 << 10, 16 << 20),
            SyslogMemoryMs = Ms(read, "syslog-memory"),
            LookAgainMs = Ms(read, "look-again"),
            ProfileReportBytes = read.Size($"{Section}.profile-report-limit", least: 1 << 10),
            Terminals = Terminals(read),
        };

    private static TerminalLimits Terminals(SettingsReader read)
    {
        const string Terminals = $"{Section}.terminals";
        return new()
        {
            PerJob = read.Count($"{Terminals}.per-job"),
            PerNode = read.Count($"{Terminals}.per-node"),
            WindowBytes = read.Size($"{Terminals}.window", 16 << 10, 64 << 20),
            HangUpMs = Ms(read, "terminals.hang-up"),
            OpenMs = Ms(read, "terminals.open-within"),
        };
    }

    private static PortLimits Ports(SettingsReader read)
    {
        const string Ports = $"{Section}.ports";
        var range = PortRange.Parse(
            read.Text(
                $"{Ports}.range",
                "two port numbers such as 42000-42999",
                text => PortRange.Parse(text) is not null
            )
        );
        return new()
        {
            Address = read.Text(
                $"{Ports}.address",
                "auto, or what clients call this machine",
                text => text.Length > 0
            ),
            RangeFirst = range?.First ?? 0,
            RangeLast = range?.Last ?? 0,
            ConnectionsMax = read.Count($"{Ports}.connections-max"),
            BufferBytes = (int)read.Size($"{Ports}.buffer", 1 << 10, 16 << 20),
            LingerMs = Ms(read, "ports.linger"),
            EnterMs = Ms(read, "ports.enter-within"),
            UdpIdleMs = Ms(read, "ports.udp-idle"),
            WatchIntervalMs = Ms(read, "ports.watch-interval"),
            WatchShare = read.Count($"{Ports}.watch-share"),
            CacheMs = Ms(read, "ports.cache-age"),
            QuestionsMax = read.Count($"{Ports}.questions-max"),
            PortsMax = read.Count($"{Ports}.ports-max", most: 1_000),
            DescriptorsMax = read.Count($"{Ports}.descriptors-max"),
            TableBytesMax = (int)read.Size($"{Ports}.table-max", 64 << 10, 1 << 30),
        };
    }

    private static long Ms(SettingsReader read, string key) =>
        (long)read.Duration($"{Section}.{key}", TimeSpan.FromMilliseconds(1)).TotalMilliseconds;
}
