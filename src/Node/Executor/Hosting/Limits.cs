using Google.Protobuf;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>The executor's own limits, from start to start: what the agent last said of them is
/// kept, for the time until there is an agent.</summary>
internal static class Limits
{
    /// <summary>Those of reference.conf, before any agent was here.</summary>
    public static ExecutorLimits Defaults() =>
        new()
        {
            NiceStep = 5,
            StartsPerTurn = 8,
            RecordLimitBytes = 8 << 20,
            RecordRetryMs = 200,
            LogLimitBytes = 10 << 20,
            OutboxLimitBytes = 64 << 20,
            ConnectionsMax = 8,
            ProgramCacheMs = 5_000,
            ProgramCacheMax = 1_000,
            SpareRestMs = 2_000,
            SparesMax = 15_000,
            NameOutputMs = 20,
            ReturnFileLimitBytes = 128_000_000,
            DirectoryEntriesMax = 100_000,
            FirstSampleMs = 100,
            SampleShare = 20,
            OrphanPatienceMs = 250,
            StrangerLookMs = 1_000,
            NodeStopMs = 10_000,
            NodeDrainMs = 30_000,
            NodeRestartFirstMs = 100,
            NodeRestartMaxMs = 10_000,
            SweepMs = 10_000,
            Cgroups = CgroupUse.Auto,
            CgroupsKept = 64,
            TimelineSamplesMax = 240,
            TimelineEntriesMax = 1_000,
            Ports = new()
            {
                Address = "auto",
                RangeFirst = 42_000,
                RangeLast = 42_999,
                ConnectionsMax = 256,
                BufferBytes = 64 << 10,
                LingerMs = 1_000,
                EnterMs = 3_000,
                UdpIdleMs = 60_000,
                WatchIntervalMs = 25,
                WatchShare = 4,
                CacheMs = 200,
                QuestionsMax = 1_000,
                PortsMax = 100,
                DescriptorsMax = 20_000,
                TableBytesMax = 16 << 20,
            },
            PythonLogging = "info",
            Syslog = "auto",
            SyslogCheckMs = 1_000,
            SyslogPatienceMs = 300,
            SyslogUnclaimedMax = 1_000,
            ProfileSamples = 99,
            ProfileDataBytes = 64 << 20,
            ProfileAttachMs = 3_000,
            ProfileReportMs = 20_000,
            SyslogHistoryBytes = 128 << 10,
            SyslogMemoryMs = 1_000,
            LookAgainMs = 2,
            ProfileReportBytes = 48 << 10,
            Terminals = new()
            {
                PerJob = 32,
                PerNode = 256,
                WindowBytes = 1 << 20,
                HangUpMs = 1_000,
                OpenMs = 10_000,
            },
        };

    /// <summary>What was kept at this home, over the defaults.</summary>
    public static ExecutorLimits Load(HomePaths home)
    {
        var limits = Defaults();
        if (!File.Exists(home.ExecutorLimits))
            return limits;
        try
        {
            limits.MergeFrom(File.ReadAllBytes(home.ExecutorLimits));
        }
        catch (InvalidProtocolBufferException)
        {
            // Torn by a crash: an agent will say it again.
        }
        return limits;
    }

    /// <summary>Takes over what an agent says, in place: whoever holds them sees it. Returns whether
    /// it is kept.</summary>
    public static bool Follow(ExecutorLimits limits, ExecutorLimits? said, HomePaths home)
    {
        var before = limits.Clone();
        if (said is not null)
            limits.MergeFrom(said);
        if (limits.Equals(before) && File.Exists(home.ExecutorLimits))
            return true;
        try
        {
            File.WriteAllBytes(home.ExecutorLimits, limits.ToByteArray());
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
