using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Reads the settings of the parts that place, run and keep work.</summary>
internal static class WorkSettings
{
    public static SchedulerSettings Scheduler(SettingsReader read)
    {
        var policy = PolicyCatalog.Find(
            read.OneOf("jobcloud.scheduler.order", [.. PolicyCatalog.Orders.Select(p => p.Name)]),
            read.OneOf(
                "jobcloud.scheduler.node-choice",
                [.. PolicyCatalog.Choices.Select(p => p.Name)]
            ),
            new SchedulingLimits
            {
                Starvation = Micros(read, "jobcloud.scheduler.starvation-limit"),
                Ahead = Micros(read, "jobcloud.scheduler.ahead"),
                Confirm = Micros(read, "jobcloud.scheduler.confirm"),
                Absent = Micros(read, "jobcloud.scheduler.absent-node-limit"),
                KeepLost = Micros(read, "jobcloud.scheduler.keep-lost"),
            }
        );
        return new SchedulerSettings
        {
            Policy = policy.Value ?? SchedulingPolicy.Default,
            Pace = read.Duration("jobcloud.scheduler.pace"),
            SettleLimit = read.Duration("jobcloud.scheduler.settle-limit"),
            AuditInterval = read.Duration("jobcloud.scheduler.audit-interval"),
        };
    }

    public static AgentSettings Agent(SettingsReader read, OfferSettings offer, string socket) =>
        new()
        {
            Node = offer.Name,
            Version = NodeFacts.Version,
            Server = $"unix:{socket}",
            Roles = offer.Roles,
            Capacity = offer.Roles.Contains(ClusterNames.Worker)
                ? new Resources { Cores = offer.Cores, MemoryBytes = offer.MemoryBytes }
                : new Resources(),
            Backlog = read.Count("jobcloud.agent.backlog", least: 0),
            BacklogMax = read.Count("jobcloud.agent.backlog-max"),
            ReportLinger = read.Duration("jobcloud.agent.report-linger"),
            ReportRetry = read.Duration("jobcloud.agent.report-retry"),
            ReportBatch = read.Count("jobcloud.agent.report-batch"),
            OfferInterval = read.Duration(
                "jobcloud.agent.offer-interval",
                TimeSpan.FromMilliseconds(10)
            ),
            ExecutorGoneAfter = read.Duration("jobcloud.agent.executor-gone-after"),
            FenceAfter = read.DurationOrOff("jobcloud.executor.fence-after"),
            KillGrace = read.Duration("jobcloud.executor.grace"),
            SampleInterval = read.Duration(
                "jobcloud.executor.sample-interval",
                TimeSpan.FromMilliseconds(50)
            ),
            OutputLimit = read.SizeOrOff("jobcloud.executor.output-limit"),
            DefaultShell = read.Text("jobcloud.executor.default-shell"),
            Inherit = read.List("jobcloud.executor.inherit-environment"),
            Limits = ExecutorSettingsReader.Read(read),
        };

    public static ConnectionSettings Connection(SettingsReader read, HomePaths paths) =>
        new()
        {
            Socket = paths.ExecutorSocket,
            BackOffMin = read.Duration("jobcloud.agent.executor.back-off-min"),
            BackOffMax = read.Duration("jobcloud.agent.executor.back-off-max"),
            WriteMax = (int)read.Size("jobcloud.agent.executor.write-max", 1 << 10, 64 << 20),
        };

    public static OutputSettings Outputs(SettingsReader read) =>
        new()
        {
            RemoteChunk = (int)read.Size("jobcloud.outputs.remote-chunk", 1 << 10, 100_000),
            LocalChunk = (int)read.Size("jobcloud.outputs.local-chunk", 1 << 10, 1 << 20),
            PollInterval = read.Duration("jobcloud.outputs.poll-interval"),
            WaitLimit = read.Duration("jobcloud.outputs.wait-limit"),
            WaitersMax = read.Count("jobcloud.outputs.waiters-max"),
            MaxAge = read.Duration("jobcloud.outputs.max-age"),
            MaxTotal = read.Size("jobcloud.outputs.max-total"),
            CheckInterval = read.Duration("jobcloud.outputs.check-interval"),
        };

    private static long Micros(SettingsReader read, string key) =>
        (long)read.Duration(key).TotalMicroseconds;
}
