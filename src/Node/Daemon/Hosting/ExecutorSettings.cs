using JobCloud.Protocol.Execution;

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
            NodeStopMs = Ms(read, "node-stop"),
            NodeRestartFirstMs = Ms(read, "node-restart-first"),
            NodeRestartMaxMs = Ms(read, "node-restart-max"),
            SweepMs = Ms(read, "sweep"),
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
            ProfileSamples = read.Count($"{Section}.profile-samples", most: 10_000),
            ProfileDataBytes = read.Size($"{Section}.profile-data-limit", least: 1 << 20),
            ProfileAttachMs = Ms(read, "profile-attach"),
            ProfileReportMs = Ms(read, "profile-report"),
        };

    private static long Ms(SettingsReader read, string key) =>
        (long)read.Duration($"{Section}.{key}", TimeSpan.FromMilliseconds(1)).TotalMilliseconds;
}
